"""The trail is written by audit_record alone, and never changed."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import append_only, run_sql_file

SQL = Path(__file__).parent / "sql"

# Files in sql/, each named after the file in models/ whose tables it guards.
GUARDS = (
    "epoch", "event",
)

# Tables whose rows are never changed or deleted.
APPEND_ONLY = (
    "event", "seal", "epoch",
)

# A database that has all of these has this one.
REPLACED = (
    "0002_append_only",
)


class Migration(migrations.Migration):
    replaces = [("audit", name) for name in REPLACED]

    dependencies = [
        ("audit", "0001_tables"),
    ]

    operations = [
        *(run_sql_file(SQL / f"{noun}.sql") for noun in GUARDS),
        *(append_only(f"audit_{table}") for table in APPEND_ONLY),
    ]
