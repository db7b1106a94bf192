"""What guards the bank: matches that balance, decisions made once by two people, rows written once."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import append_only, run_sql_file, written_once

SQL = Path(__file__).parent / "sql"

# Files in sql/, each named after the file in models/ whose tables it guards.
GUARDS = (
    "account_number", "account_profile", "account_tolerance", "bank_account", "bank_connection",
    "certification", "clearing", "clearing_undo", "day_correction", "discrepancy", "expectation",
    "learnt_rule", "match", "open_part", "review", "rule_request", "sample", "suspense_try", "sweep",
    "taken_back",
)

# Tables whose rows are never changed or deleted.
APPEND_ONLY = (
    "statement", "statementline", "matchrun", "match", "matchposting", "matchundo", "matchadjustment",
    "note", "dayclose", "interimreport", "interimentry", "bankdelivery", "historicalaccountprofile",
    "discrepancyfile", "matchsample", "matchfact", "ruleevidence", "ruletry", "ruleuse",
)

# A database that has all of these has this one.
REPLACED = (
    "0029_parts_in_range",
)


class Migration(migrations.Migration):
    replaces = [("reconciliation", name) for name in REPLACED]

    dependencies = [
        ("reconciliation", "0001_tables"),
    ]

    operations = [
        *(run_sql_file(SQL / f"{noun}.sql") for noun in GUARDS),
        *(append_only(f"reconciliation_{table}") for table in APPEND_ONLY),
        written_once("reconciliation_discrepancy", "public_id", "opened_at", "currency"),
    ]
