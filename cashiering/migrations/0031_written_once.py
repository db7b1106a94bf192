"""Who did what and when, and what a slip, a batch or a count says, is written once."""

from django.db import migrations

from hms_ach.sql import written_once


class Migration(migrations.Migration):
    dependencies = [("cashiering", "0030_card_differences")]

    operations = [
        written_once(
            "cashiering_session",
            *("public_id", "opened_at", "closed_at", "approved_by_id", "approved_at"),
            *("forced_by_id", "forced_reason"),
        ),
        written_once(
            "cashiering_overshort",
            *("public_id", "currency", "cashier_id", "created_at", "approved_by_id", "approved_at"),
        ),
        written_once(
            "cashiering_deposit",
            *(
                "public_id",
                "bag_number",
                "slip_number",
                "business_on",
                "currency",
                "cash_minor",
                "cheques_minor",
            ),
            *("prepared_by_id", "prepared_at", "verified_by_id", "verified_at"),
            *("handed_over_by_id", "handed_over_at", "expected_on"),
            *("cancelled_by_id", "cancelled_at", "cancel_reason"),
        ),
        written_once(
            "cashiering_cardbatch",
            *("public_id", "number", "currency", "opened_on", "closed_by_id", "closed_at", "business_on"),
            "gross_minor",
        ),
        written_once("cashiering_chequereturn", "decided_by_id", "decided_at", "business_on"),
        written_once("cashiering_paymentreturn", "decided_by_id", "decided_at", "business_on"),
        written_once("cashiering_receiptmail", "asked_by_id", "asked_at", "sent_at"),
        written_once("cashiering_terminalrequest", "asked_by_id", "asked_at"),
    ]
