"""Whether counters, rows and the book still agree, to the cent. Every list here should be empty."""

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q, Sum
from django.db.models.functions import Coalesce

from billing.models import Charge, Invoice
from hms_ach.access.models import LegalEntity
from hms_ach.money import Money
from ledger.queries import open_items


@dataclass(frozen=True, slots=True)
class Drift:
    """A document of which two places tell different amounts."""

    check: str
    subject: str
    says: Money
    should_be: Money


def control_totals(*, today: date) -> list[Drift]:
    """Everything of the bill that does not agree, over all facilities.

    settled     an invoice's counter against its settlements
    invoiced    a charge's counter against its lines on invoices that live
    receivable  an invoice's open balance against the book's balance of its reference
    unbilled    what is to be billed of a charge against the book's balance of its reference

    Two SQL queries, and five for each legal entity. today bounds the postings looked at.
    """
    drifts = [*_settled(), *_invoiced()]
    for entity in LegalEntity.objects.order_by("id"):
        for kind in Invoice.Kind.values:
            drifts += _receivable(entity, kind, today)
        drifts += _unbilled(entity, today)
    return drifts


def _settled() -> list[Drift]:
    summed = Coalesce(Sum("settlements__amount_minor"), 0)
    rows = Invoice.objects.annotate(summed=summed).exclude(settled_minor=F("summed")).order_by("id")
    return [
        Drift("settled", row.public_id, row.settled, Money(int(row.summed), row.currency)) for row in rows
    ]


def _invoiced() -> list[Drift]:
    is_live = ~Q(lines__invoice__state=Invoice.State.CANCELLED)
    summed = Coalesce(Sum("lines__amount_minor", filter=is_live), 0)
    rows = Charge.objects.annotate(summed=summed).exclude(invoiced_minor=F("summed")).order_by("id")
    return [
        Drift(
            "invoiced",
            row.public_id,
            Money(row.invoiced_minor, row.currency),
            Money(int(row.summed), row.currency),
        )
        for row in rows
    ]


def _receivable(entity: LegalEntity, kind: str, today: date) -> list[Drift]:
    rows = Invoice.objects.filter(
        facility__legal_entity=entity, kind=kind, state=Invoice.State.ISSUED, issued_on__lte=today
    )
    owed = {row.public_id: row.balance for row in rows.order_by("id")}
    return _against_book(f"receivable.{kind.lower()}", owed, entity, today)


def _unbilled(entity: LegalEntity, today: date) -> list[Drift]:
    """Drafts are not posted, so what stands on them is still unbilled in the book."""
    is_posted = Q(lines__invoice__state__in=[Invoice.State.ISSUED, Invoice.State.PAID])
    billed = Coalesce(Sum("lines__amount_minor", filter=is_posted), 0)
    rows = Charge.objects.filter(facility__legal_entity=entity, state__in=["BILLABLE", "BILLED"])
    rows = rows.annotate(left=F("amount_minor") - billed).filter(left__gt=0).order_by("id")
    left = {row.public_id: Money(int(row.left), row.currency) for row in rows}
    return _against_book("receivable.unbilled", left, entity, today)


def _against_book(role: str, owed: dict[str, Money], entity: LegalEntity, today: date) -> list[Drift]:
    booked = {item.reference: item.balance for item in open_items(role, legal_entity=entity, today=today)}
    drifts = []
    for reference in sorted({*owed, *booked}):
        present = owed.get(reference) or booked[reference]
        zero = Money.zero(present.currency)
        says, should_be = owed.get(reference, zero), booked.get(reference, zero)
        if says != should_be:
            drifts.append(Drift(role, reference or "(no reference)", says, should_be))
    return drifts
