"""A first look at statements that write one plain entry."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0022_closes_by_two")]

    operations = [run_sql_file(SQL / "0023_plain_entries.up.sql")]
