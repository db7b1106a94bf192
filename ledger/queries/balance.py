"""What stands on an account role."""

from django.db.models import Sum

from hms_ach.access.models import Facility, LegalEntity
from hms_ach.money import Money
from ledger.models import Posting


def balance_of(
    role: str,
    *,
    legal_entity: LegalEntity,
    currency: str,
    facility: Facility | None = None,
    reference: str | None = None,
) -> Money:
    """Debits less credits ever posted to a role, in one document currency. One SQL query.

    facility   only what was posted for it; the whole legal entity when omitted
    reference  only what was posted for that item
    """
    rows = Posting.objects.filter(role=role, legal_entity=legal_entity, currency=currency)
    if facility is not None:
        rows = rows.filter(facility=facility)
    if reference is not None:
        rows = rows.filter(reference=reference)
    return Money(int(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0), currency)
