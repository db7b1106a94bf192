"""Snapshots keep the payer of receivables; periods that are closed already are summed anew."""

from pathlib import Path

from django.db import migrations, models

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0026_remittances_by_documents")]

    operations = [
        migrations.AddField(
            model_name="snapshotline",
            name="payer",
            field=models.CharField(blank=True, default="", max_length=60),
            preserve_default=False,
        ),
        run_sql_file(SQL / "0027_payers_in_snapshots.up.sql"),
    ]
