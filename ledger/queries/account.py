"""Accounts by the number people know them by."""

from datetime import date

from django.db.models import Q, QuerySet

from hms_ach.access.models import LegalEntity
from ledger.models import Account


def account_by_number(*, entity_code: str, number: str) -> Account | None:
    """One account with its legal entity and parent; None when there is none. One SQL query."""
    accounts = Account.objects.select_related("legal_entity", "parent")
    return accounts.filter(legal_entity__code=entity_code, number=number).first()


def accounts_of(*, legal_entity: LegalEntity, on: date | None = None) -> "QuerySet[Account]":
    """An entity's accounts by number; only those in use on a day when asked. One SQL query."""
    rows = Account.objects.filter(legal_entity=legal_entity).select_related("legal_entity", "parent")
    if on is not None:
        rows = rows.filter(Q(active_until__isnull=True) | Q(active_until__gt=on), active_from__lte=on)
    return rows.order_by("number", "id")
