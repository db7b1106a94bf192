"""Batches built so far get their states and the pieces of their files."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0005_mapping")]

    operations = [run_sql_file(SQL / "0006_batch_files.up.sql")]
