"""What is decided once, who may take cash from a drawer that is not open, and one bag for a session."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import append_only, run_sql_file

_SQL = Path(__file__).parent / "sql"
_WRITTEN_ONCE = ["cashreport", "suspectnote", "tillaudit", "zread"]


class Migration(migrations.Migration):
    dependencies = [("cashiering", "0003_custody_tables")]

    operations = [
        *(append_only(f"cashiering_{table}") for table in _WRITTEN_ONCE),
        run_sql_file(_SQL / "0004_custody.up.sql"),
    ]
