"""What the check of new matches' parts reads."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"


class Migration(migrations.Migration):
    dependencies = [("reconciliation", "0028_guards_read_their_own")]

    operations = [run_sql_file(SQL / "0029_parts_in_range.up.sql")]
