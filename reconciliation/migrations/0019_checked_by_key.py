"""What a match is made of is found by its key when it is checked, however much is stored."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0018_suspense_retry")]

    operations = [run_sql_file(SQL / "0019_checked_by_key.up.sql")]
