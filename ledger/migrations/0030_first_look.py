"""What the checks of entries and postings read of the journal."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("ledger", "0029_lighter_checks")]

    operations = [run_sql_file(SQL / "0030_first_look.up.sql")]
