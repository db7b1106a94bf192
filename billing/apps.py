from django.apps import AppConfig


class BillingConfig(AppConfig):
    name = "billing"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the book tie its accounts out with the documents kept here."""
        # Imported here: tables load only after every app is known.
        from billing.queries import owed_documents, unbilled_documents
        from ledger.commands import SubLedger, register_sub_ledger

        register_sub_ledger(
            SubLedger(
                code="receivables",
                name="Receivables",
                roles=("receivable.patient", "receivable.insurer"),
                documents=owed_documents,
                is_dated=True,
            )
        )
        register_sub_ledger(
            SubLedger(
                code="unbilled",
                name="Care to be billed",
                roles=("receivable.unbilled",),
                documents=unbilled_documents,
                is_dated=False,
            )
        )
