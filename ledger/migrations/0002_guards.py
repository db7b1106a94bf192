"""The book's own guards: balance, wholeness, open periods, mirrors, append-only rows."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"
APPEND_ONLY = [
    "ledger_entry",
    "ledger_posting",
    "ledger_exchangerate",
    "ledger_historicalaccount",
    "ledger_glbatch",
    "ledger_glbatchentry",
    "ledger_glbatchline",
    "ledger_glbatchfile",
]


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [run_sql_file(SQL / "0002_guards.up.sql"), *[append_only(table) for table in APPEND_ONLY]]
