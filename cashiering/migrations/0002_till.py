"""Rows that are written once, and drawers that take money only while open."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import append_only, run_sql_file

_SQL = Path(__file__).parent / "sql"
_WRITTEN_ONCE = [
    "count",
    "cashmovement",
    "payment",
    "allocation",
    "paymentvoid",
    "voidrequest",
    "reprint",
    "depositpart",
    "historicalmerchantagreement",
    "historicalregister",
    "historicaltillpolicy",
]


class Migration(migrations.Migration):
    dependencies = [("cashiering", "0001_initial")]

    operations = [
        *(append_only(f"cashiering_{table}") for table in _WRITTEN_ONCE),
        run_sql_file(_SQL / "0002_till.up.sql"),
    ]
