from django.apps import AppConfig


class CashieringConfig(AppConfig):
    name = "cashiering"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Let the book tie its accounts out with the documents kept here."""
        # Imported here: tables load only after every app is known.
        from cashiering.queries import till_documents
        from ledger.commands import SubLedger, register_sub_ledger

        register_sub_ledger(
            SubLedger(
                code="till",
                name="Drawers and deposits held for patients",
                roles=("cash.drawer", "cheque.drawer", "liability.patient_deposits"),
                documents=till_documents,
                is_dated=False,
            )
        )
