"""Roles that exclude each other, grants that close once, rows written once."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import append_only, run_sql_file, written_once

SQL = Path(__file__).parent / "sql"

# Files in sql/, each named after the file in models/ whose tables it guards.
GUARDS = (
    "role", "user",
)

# Tables whose rows are never changed or deleted.
APPEND_ONLY = (
    "deskattempt",
)

# A database that has all of these has this one.
REPLACED = (
    "0002_role_rules", "0015_desk_code_owner",
)


class Migration(migrations.Migration):
    replaces = [("access", name) for name in REPLACED]

    dependencies = [
        ("access", "0001_tables"),
    ]

    operations = [
        *(run_sql_file(SQL / f"{noun}.sql") for noun in GUARDS),
        *(append_only(f"access_{table}") for table in APPEND_ONLY),
        written_once("access_deskcode", "user_id"),
    ]
