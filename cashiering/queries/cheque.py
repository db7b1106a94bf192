"""Cheques as people look for them: where each is, and whether it came back."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch, Q, QuerySet

from cashiering.models import ChequeBlock, ChequeReturn, Tender


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
        return "RETURNED" if returns[0].state == "CONFIRMED" else "TO_VERIFY"
    if hasattr(cheque.payment, "void"):
        return "VOIDED"
    if cheque.deposit is None:
        return "HELD"
    return cheque.deposit.state


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
