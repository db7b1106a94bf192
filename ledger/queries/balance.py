"""What stands on an account role."""

from collections.abc import Collection

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


def held_for(payer: str, *, facility_ids: Collection[int]) -> list[Money]:
    """What these facilities hold on account for a payer: money received and not yet applied, by currency.

    One SQL query.
    """
    rows = Posting.objects.filter(
        role="liability.patient_deposits", payer=payer, facility_id__in=list(facility_ids)
    )
    sums = rows.values("currency").annotate(sum=Sum("amount_minor")).exclude(sum=0).order_by("currency")
    return [Money(-int(row["sum"]), row["currency"]) for row in sums]
