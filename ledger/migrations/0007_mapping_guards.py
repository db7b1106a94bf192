"""The guards of the map and of a batch's life."""

from pathlib import Path

from django.db import migrations, models

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = [
    "ledger_glbatchchunk",
    "ledger_glbatchstep",
    "ledger_historicalglaccount",
    "ledger_historicalglsetting",
    "ledger_mappingnote",
    "ledger_mappingstep",
    "ledger_mappingversion",
]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0006_batch_files")]

    operations = [
        migrations.RemoveField("glbatchfile", "content"),
        migrations.AlterField("glbatchfile", "size", models.BigIntegerField()),
        migrations.AlterField("glbatchfile", "media_type", models.CharField(max_length=60)),
        migrations.AlterField("glbatchfile", "extension", models.CharField(max_length=8)),
        run_sql_file(SQL / "0007_mapping_guards.up.sql"),
        *[append_only(table) for table in APPEND_ONLY],
    ]
