"""What was announced, and whether the bank has shown it."""

from collections.abc import Collection
from datetime import date

from django.db.models import Q, QuerySet

from cashiering.models import Advice
from cashiering.rules.advice import BY_MAIL, late_since

STATES = {
    "AWAITING": Q(withdrawn_at=None, bank_confirmed_on=None),
    "CONFIRMED": Q(bank_confirmed_on__isnull=False),
    "WITHDRAWN": Q(withdrawn_at__isnull=False),
}


LATE = "LATE"


def late_remittances(rows: QuerySet[Advice], *, today: date) -> QuerySet[Advice]:
    """Those of insurers that the bank should have shown by now, the oldest first (rules.advice)."""
    mailed = Q(method=BY_MAIL, expected_on__lte=late_since(today, method=BY_MAIL))
    sent = ~Q(method=BY_MAIL) & Q(expected_on__lte=late_since(today))
    return rows.filter(STATES["AWAITING"], mailed | sent, kind="REMITTANCE").order_by("expected_on", "id")


def is_late(row: Advice, *, today: date) -> bool:
    """Whether late_remittances has it."""
    is_awaited = row.kind == "REMITTANCE" and row.state == "AWAITING"
    return is_awaited and row.expected_on <= late_since(today, method=row.method)


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
