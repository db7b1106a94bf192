from django.apps import AppConfig


class ReconciliationConfig(AppConfig):
    name = "reconciliation"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the book tie its accounts out with the documents kept here."""
        # Imported here: tables load only after every app is known.
        from cashiering.commands import register_bank_states
        from ledger.commands import SubLedger, register_sub_ledger
        from reconciliation.queries import clearing_documents, suspense_documents, with_bank_states

        register_bank_states(with_bank_states)
        register_sub_ledger(
            SubLedger(
                code="clearing",
                name="Clearing accounts",
                roles=(
                    "deposit.in_transit",
                    "card.clearing",
                    "transfer.clearing",
                    "refund.clearing",
                    "remittance.clearing",
                ),
                documents=clearing_documents,
                is_dated=False,
            )
        )
        register_sub_ledger(
            SubLedger(
                code="suspense",
                name="Unidentified receipts",
                roles=("suspense.unidentified",),
                documents=suspense_documents,
                is_dated=False,
            )
        )
