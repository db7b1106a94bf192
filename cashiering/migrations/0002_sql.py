"""What guards the till: open drawers, decisions made once by the right people, rows written once."""

from pathlib import Path

from django.db import migrations

from hms_ach.sql import append_only, run_sql_file, written_once

SQL = Path(__file__).parent / "sql"

# Files in sql/, each named after the file in models/ whose tables it guards.
GUARDS = (
    "advice", "card", "cash_currency", "chargeback_win", "cheque", "credit", "deposit", "lockbox",
    "lockbox_image", "opening_rule", "payment", "payment_return", "payout", "receipt_mail",
    "receipt_text", "refund", "register", "safe", "session", "transfer",
)

# Tables whose rows are never changed or deleted.
APPEND_ONLY = (
    "count", "cashmovement", "payment", "allocation", "paymentvoid", "voidrequest", "reprint",
    "depositpart", "historicalmerchantagreement", "historicalregister", "historicaltillpolicy",
    "cashreport", "suspectnote", "tillaudit", "zread", "notcollected", "tendercorrection", "reallocation",
    "refundpart", "override", "cashbookpage", "cashbookline",
)

# A database that has all of these has this one.
REPLACED = (
    "0034_lockbox_image",
)


class Migration(migrations.Migration):
    replaces = [("cashiering", name) for name in REPLACED]

    dependencies = [
        ("cashiering", "0001_tables"),
    ]

    operations = [
        *(run_sql_file(SQL / f"{noun}.sql") for noun in GUARDS),
        *(append_only(f"cashiering_{table}") for table in APPEND_ONLY),
        written_once(
            "cashiering_session", "public_id", "opened_at", "closed_at", "approved_by_id", "approved_at",
            "forced_by_id", "forced_reason",
        ),
        written_once(
            "cashiering_overshort", "public_id", "currency", "cashier_id", "created_at", "approved_by_id",
            "approved_at",
        ),
        written_once(
            "cashiering_deposit", "public_id", "bag_number", "slip_number", "business_on", "currency",
            "cash_minor", "cheques_minor", "prepared_by_id", "prepared_at", "verified_by_id",
            "verified_at", "handed_over_by_id", "handed_over_at", "expected_on", "cancelled_by_id",
            "cancelled_at", "cancel_reason",
        ),
        written_once(
            "cashiering_cardbatch", "public_id", "number", "currency", "opened_on", "closed_by_id",
            "closed_at", "business_on", "gross_minor",
        ),
        written_once("cashiering_chequereturn", "decided_by_id", "decided_at", "business_on"),
        written_once("cashiering_paymentreturn", "decided_by_id", "decided_at", "business_on"),
        written_once("cashiering_receiptmail", "asked_by_id", "asked_at", "sent_at"),
        written_once("cashiering_terminalrequest", "asked_by_id", "asked_at"),
        written_once(
            "cashiering_receipttext", "public_id", "payment_id", "consented_at", "asked_by_id",
            "asked_at", "sent_at",
        ),
        written_once(
            "cashiering_payout", "accepted_by_id", "accepted_at", "accept_reason", "withdrawn_by_id",
            "withdrawn_at", "withdraw_reason",
        ),
        written_once("cashiering_chargebackwin", "decided_by_id", "decided_at", "business_on"),
    ]
