"""What was announced, and whether the bank has shown it."""

from collections.abc import Collection
from datetime import date
from typing import Any

from django.db.models import Case, CharField, F, Q, QuerySet, Value, When

from cashiering.models import Advice
from cashiering.rules.advice import BY_MAIL, late_since
from cashiering.rules.bank_state import BANK_STATES, REGISTERED

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


def advices_of(facility_ids: Collection[int]) -> QuerySet[Any]:
    """The newest first, with everybody who had a part.

    Each says `at_bank`, one of rules.bank_state, and `bank_document`: the match or discrepancy that shows it.
    """
    rows = Advice.objects.filter(facility_id__in=facility_ids).order_by("-id")
    for annotate in REGISTERED:
        rows = annotate(rows)
    # What the bank has shown by other ways than a match, or not at all, says so too.
    at_bank = Case(
        When(withdrawn_at__isnull=False, then=Value("WITHDRAWN")),
        When(~Q(bank_state=""), then=F("bank_state")),
        When(bank_confirmed_on__isnull=False, then=Value("MATCHED")),
        default=Value("UNMATCHED"),
        output_field=CharField(),
    )
    rows = rows.annotate(at_bank=at_bank)
    return rows.select_related("facility", "file", "recorded_by", "withdrawn_by")


def advices_found(
    facility_ids: Collection[int], *, kind: str = "", state: str = "", text: str = ""
) -> QuerySet[Any]:
    """Of a kind, in a state at the bank, and with a text in reference or payer; empty for all."""
    rows = advices_of(facility_ids)
    if kind in Advice.Kind.values:
        rows = rows.filter(kind=kind)
    if state in ("UNMATCHED", "PROPOSED"):
        rows = rows.filter(STATES["AWAITING"])
    if state in BANK_STATES:
        rows = rows.filter(at_bank=state)
    if text:
        named = Q(reference__icontains=text) | Q(payer_name__icontains=text) | Q(payer_id__icontains=text)
        rows = rows.filter(named | Q(public_id=text))
    return rows
