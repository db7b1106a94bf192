"""Cheques as people look for them: where each is, and whether it came back."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import F, FilteredRelation, Prefetch, Q, QuerySet

from cashiering.models import ChequeBlock, ChequeReturn, Tender
from hms_ach.money import Money

# A bank returns a cheque within weeks of its deposit; so many stand for choice.
RETURN_DAYS = 60
MOST_BANKED = 5


@dataclass(frozen=True, slots=True)
class BlockShown:
    """A block as the register shows it."""

    public_id: str
    since: date
    reason: str


def cheques_found(facility_ids: Collection[int], text: str = "") -> QuerySet[Tender]:
    """Cheques of the facilities, newest first; by number, bank, receipt or MRN. Two SQL queries a page."""
    rows = Tender.objects.filter(kind="CHEQUE", payment__facility_id__in=facility_ids)
    if text:
        found = Q(reference=text) | Q(cheque_bank__icontains=text) | Q(payment__patient__mrn=text.upper())
        rows = rows.filter(found | Q(payment__receipt_number__startswith=text.upper()))
    returns = ChequeReturn.objects.exclude(state="REJECTED")
    rows = rows.select_related("payment__patient", "payment__facility", "payment__void", "deposit")
    return rows.prefetch_related(Prefetch("returns", returns, to_attr="live_returns")).order_by("-id")


def cheque_place(cheque: Tender) -> str:
    """Where a row of cheques_found is, in one word of a state."""
    returns = cheque.live_returns  # type: ignore[attr-defined]
    if returns:
        return "RETURNED" if returns[0].state == "CONFIRMED" else "RETURN_REPORTED"
    if hasattr(cheque.payment, "void"):
        return "VOIDED"
    if cheque.deposit is None:
        return "HELD"
    return cheque.deposit.state


@dataclass(frozen=True, slots=True)
class BankedCheque:
    """A cheque that went to the bank, which a debit of the bank may be about.

    tender         id of the cheque
    is_named       whether the bank's words name its number
    cheque_return  public id of its return where somebody reported one, else empty
    """

    tender: int
    payment: str
    receipt_number: str
    number: str
    bank: str
    banked_on: date
    is_named: bool
    cheque_return: str


def banked_cheques(*, facility_id: int, amount: Money, on: date, words: str) -> list[BankedCheque]:
    """Cheques that a debit of this amount may be about: those that the bank's words name, else all.

    on     the bank's day; a cheque was banked within the RETURN_DAYS before it
    words  all that the bank's line says

    Newest first, MOST_BANKED at most; never one whose return the bank has confirmed. One SQL query.
    """
    banked = Q(deposit__state__in=("IN_TRANSIT", "CONFIRMED"), deposit__business_on__lte=on)
    rows = Tender.objects.filter(banked, kind="CHEQUE", amount_minor=amount.minor, currency=amount.currency)
    rows = rows.filter(payment__facility_id=facility_id, payment__void__isnull=True)
    rows = rows.filter(deposit__business_on__gte=on - timedelta(days=RETURN_DAYS))
    live = FilteredRelation("returns", condition=~Q(returns__state="REJECTED"))
    rows = rows.annotate(live=live, returned=F("live__public_id")).filter(live__bank_confirmed_on=None)
    said = {word.lstrip("0") for word in re.findall(r"\w+", words.upper())}
    found = [_banked(row, said) for row in rows.select_related("payment", "deposit").order_by("-id")[:200]]
    return ([one for one in found if one.is_named] or found)[:MOST_BANKED]


def _banked(row: Tender, said: set[str]) -> BankedCheque:
    assert row.deposit is not None
    return BankedCheque(
        tender=row.pk,
        payment=row.payment.public_id,
        receipt_number=row.payment.receipt_number,
        number=row.reference,
        bank=row.cheque_bank,
        banked_on=row.deposit.business_on,
        is_named=row.reference.upper().lstrip("0") in said,
        cheque_return=row.returned or "",  # type: ignore[attr-defined]
    )


def returns_of(facility_ids: Collection[int]) -> QuerySet[ChequeReturn]:
    """Returned cheques of the facilities, newest first. One SQL query."""
    rows = ChequeReturn.objects.filter(facility_id__in=facility_ids)
    parts = ("facility", "tender", "payment__patient", "reported_by", "decided_by", "fee_invoice")
    return rows.select_related(*parts, "block__lifted_by").order_by("-id")


def blocks_of(patient_id: int) -> list[BlockShown]:
    """Why no cheque of this patient is taken, oldest first. One SQL query."""
    rows = ChequeBlock.objects.filter(patient_id=patient_id, lifted_at=None)
    return [
        BlockShown(row.public_id, row.cheque_return.returned_on, row.cheque_return.get_reason_display())
        for row in rows.select_related("cheque_return").order_by("id")
    ]
