"""What was announced, and whether the bank has shown it."""

from collections.abc import Collection

from django.db.models import Q, QuerySet

from cashiering.models import Advice

STATES = {
    "AWAITING": Q(withdrawn_at=None, bank_confirmed_on=None),
    "CONFIRMED": Q(bank_confirmed_on__isnull=False),
    "WITHDRAWN": Q(withdrawn_at__isnull=False),
}


def advices_of(facility_ids: Collection[int]) -> QuerySet[Advice]:
    """The newest first, with everybody who had a part."""
    rows = Advice.objects.filter(facility_id__in=facility_ids).order_by("-id")
    return rows.select_related("facility", "file", "recorded_by", "withdrawn_by")


def advices_found(
    facility_ids: Collection[int], *, kind: str = "", state: str = "", text: str = ""
) -> QuerySet[Advice]:
    """Of a kind, in a state, and with a text in reference or payer; empty for all."""
    rows = advices_of(facility_ids)
    if kind in Advice.Kind.values:
        rows = rows.filter(kind=kind)
    if state in STATES:
        rows = rows.filter(STATES[state])
    if text:
        named = Q(reference__icontains=text) | Q(payer_name__icontains=text) | Q(payer_id__icontains=text)
        rows = rows.filter(named | Q(public_id=text))
    return rows
