"""A batch whose reversal was rejected may be reversed again; it is reversed when its reversal is posted."""

from pathlib import Path

import django.db.models.deletion
from django.db import migrations, models

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0013_export_profile")]

    operations = [
        migrations.AlterField(
            "glbatch",
            "reverses",
            models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="reversals",
                to="ledger.glbatch",
            ),
        ),
        run_sql_file(SQL / "0014_reversals_of_batches.up.sql"),
    ]
