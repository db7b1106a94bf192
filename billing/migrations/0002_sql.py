"""What guards the bill: prices that never share a day, the steps of charges and invoices, rows written once."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import append_only, run_sql_file, written_once

SQL = Path(__file__).parent / "sql"

# Files in sql/, each named after the file in models/ whose tables it guards.
GUARDS = (
    "charge", "invoice", "price", "settlement",
)

# Tables whose rows are never changed or deleted.
APPEND_ONLY = (
    "settlement", "invoicecancellation", "invoicelock", "historicalpatient", "historicalpayer",
    "historicalcoverage", "historicalservice", "historicalpricelist", "historicalprice",
)

# A database that has all of these has this one.
REPLACED = (
    "0005_arrivals",
)


class Migration(migrations.Migration):
    replaces = [("billing", name) for name in REPLACED]

    dependencies = [
        ("billing", "0001_tables"),
    ]

    operations = [
        *(run_sql_file(SQL / f"{noun}.sql") for noun in GUARDS),
        *(append_only(f"billing_{table}") for table in APPEND_ONLY),
        written_once("billing_patient", "public_id", "registered_by_id", "registered_at"),
        written_once("billing_patientalert", "raised_by_id", "raised_at", "ended_by_id", "ended_at"),
        written_once("billing_coverage", "public_id"),
    ]
