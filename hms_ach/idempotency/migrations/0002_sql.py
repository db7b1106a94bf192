"""A reply is never changed."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import run_sql_file

SQL = Path(__file__).parent / "sql"

# Files in sql/, each named after the file in models/ whose tables it guards.
GUARDS = (
    "key",
)

# A database that has all of these has this one.
REPLACED = (
    "0002_never_changed",
)


class Migration(migrations.Migration):
    replaces = [("idempotency", name) for name in REPLACED]

    dependencies = [
        ("idempotency", "0001_tables"),
    ]

    operations = [
        *(run_sql_file(SQL / f"{noun}.sql") for noun in GUARDS),
    ]
