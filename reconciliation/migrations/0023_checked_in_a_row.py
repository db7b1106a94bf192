"""Matches of one statement are checked and closed in the order in which they were made."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0022_rule_request")]

    operations = [run_sql_file(SQL / "0023_checked_in_a_row.up.sql")]
