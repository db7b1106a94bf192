"""Accounts by the number people know them by."""

from ledger.models import Account


def account_by_number(*, entity_code: str, number: str) -> Account | None:
    """One account with its legal entity; None when there is none. One SQL query."""
    accounts = Account.objects.select_related("legal_entity")
    return accounts.filter(legal_entity__code=entity_code, number=number).first()
