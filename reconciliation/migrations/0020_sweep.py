"""Both banks' lines of a movement between own accounts are matched together."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"
PROTECT = django.db.models.deletion.PROTECT


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0019_checked_by_key")]

    operations = [
        migrations.AlterField(
            model_name="proposal",
            name="action",
            field=models.CharField(
                choices=[
                    ("MATCH", "Match"),
                    ("WRITE_OFF", "Write off"),
                    ("SUSPENSE", "Move to suspense"),
                    ("RETURN", "Take back the earlier match"),
                    ("TRANSFER", "Transfer between own accounts"),
                    ("ACCEPT", "Accept as explained"),
                ],
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="Sweep",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "outgoing",
                    models.OneToOneField(
                        on_delete=PROTECT, related_name="sweep_out", to="reconciliation.match"
                    ),
                ),
                (
                    "incoming",
                    models.OneToOneField(
                        on_delete=PROTECT, related_name="sweep_in", to="reconciliation.match"
                    ),
                ),
            ],
        ),
        run_sql_file(SQL / "0020_sweep.up.sql"),
    ]
