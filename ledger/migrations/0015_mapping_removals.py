"""Who takes a rule out of a draft of the map wrote it, too."""

from pathlib import Path

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [
        ("ledger", "0014_reversals_of_batches"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="MappingRuleRemoval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule_number", models.BigIntegerField(unique=True)),
                ("words", models.CharField(max_length=160)),
                ("code", models.TextField()),
                ("removed_at", models.DateTimeField()),
                (
                    "removed_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "version",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="removals",
                        to="ledger.mappingversion",
                    ),
                ),
            ],
        ),
        append_only("ledger_mappingruleremoval"),
        run_sql_file(SQL / "0015_mapping_removals.up.sql"),
    ]
