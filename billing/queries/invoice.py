"""Invoices: what is open, and everything about one."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import F, OuterRef, QuerySet, Subquery

from billing.models import Invoice, InvoiceCancellation, InvoiceLine, InvoiceLock, Settlement
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class OpenInvoice:
    """An issued invoice with something left to pay."""

    id: int
    public_id: str
    number: str
    kind: str
    due_on: date
    balance: Money
    days_overdue: int


@dataclass(frozen=True, slots=True)
class LineShown:
    """A line of an invoice and the steps that priced it."""

    line: int
    service_code: str
    description: str
    department_code: str
    service_on: date
    quantity: int
    unit_price: Money
    full: Money
    amount: Money
    price_trace: list[dict[str, str]]
    charge: str

    @property
    def is_share(self) -> bool:
        return self.amount != self.full


@dataclass(frozen=True, slots=True)
class SettlementShown:
    source: str
    amount: Money
    settled_on: date
    reason: str
    by: str


@dataclass(frozen=True, slots=True)
class InvoiceDetail:
    """One invoice with all that hangs on it. siblings are the other parties' invoices of the same bill."""

    invoice: Invoice
    is_locked: bool
    lines: list[LineShown]
    settlements: list[SettlementShown]
    siblings: list[Invoice]
    cancellation: InvoiceCancellation | None
    locks: list[InvoiceLock]


def invoices_of(facility_ids: Collection[int]) -> QuerySet[Invoice]:
    """Invoices of these facilities with patient and payer; is_locked from the last step of their locks."""
    last_step = InvoiceLock.objects.filter(invoice=OuterRef("pk")).order_by("-id").values("step")[:1]
    rows = Invoice.objects.filter(facility_id__in=facility_ids)
    rows = rows.annotate(lock_step=Subquery(last_step))  # type: ignore[no-redef]
    return rows.select_related("patient", "payer", "facility")


def open_invoices(*, facility_ids: Collection[int], today: date, kind: str = "") -> list[OpenInvoice]:
    """Issued invoices with something left to pay, oldest due date first. One SQL query."""
    rows = Invoice.objects.filter(state=Invoice.State.ISSUED, facility_id__in=facility_ids)
    if kind:
        rows = rows.filter(kind=kind)
    return [_open(row, today) for row in rows.order_by("due_on", "id")]


def invoice_detail(*, public_id: str, facility_ids: Collection[int]) -> InvoiceDetail | None:
    """Everything about one invoice of these facilities; None alike for a foreign and a missing one.

    Six SQL queries, whatever the number of lines.
    """
    rows = invoices_of(facility_ids).select_related(
        "patient", "debtor", "payer", "facility", "drafted_by", "issued_by"
    )
    invoice = rows.filter(public_id=public_id).first()
    if invoice is None:
        return None
    cancellations = InvoiceCancellation.objects.select_related("cancelled_by").filter(invoice=invoice)
    return InvoiceDetail(
        invoice=invoice,
        is_locked=invoice.lock_step == InvoiceLock.Step.PLACED,
        lines=_lines(invoice),
        settlements=_settlements(invoice),
        siblings=list(Invoice.objects.filter(bill_id=invoice.bill_id).exclude(pk=invoice.pk).order_by("id")),
        cancellation=cancellations.first(),
        locks=list(invoice.locks.select_related("done_by").order_by("id")),
    )


def _lines(invoice: Invoice) -> list[LineShown]:
    rows = InvoiceLine.objects.filter(invoice=invoice).annotate(charge_public_id=F("charge__public_id"))
    return [
        LineShown(
            line=row.line,
            service_code=row.service_code,
            description=row.description,
            department_code=row.department_code,
            service_on=row.service_on,
            quantity=row.quantity,
            unit_price=Money(row.unit_price_minor, invoice.currency),
            full=Money(row.full_minor, invoice.currency),
            amount=Money(row.amount_minor, invoice.currency),
            price_trace=row.price_trace,
            charge=row.charge_public_id,
        )
        for row in rows.order_by("line", "id")
    ]


def _settlements(invoice: Invoice) -> list[SettlementShown]:
    rows = Settlement.objects.filter(invoice=invoice).select_related("recorded_by").order_by("id")
    return [
        SettlementShown(
            source=row.source,
            amount=Money(row.amount_minor, invoice.currency),
            settled_on=row.settled_on,
            reason=row.reason,
            by=row.recorded_by.get_full_name() if row.recorded_by else "the system",
        )
        for row in rows
    ]


def _open(row: Invoice, today: date) -> OpenInvoice:
    assert row.due_on is not None
    return OpenInvoice(
        id=row.pk,
        public_id=row.public_id,
        number=row.number or "",
        kind=row.kind,
        due_on=row.due_on,
        balance=row.balance,
        days_overdue=max((today - row.due_on).days, 0),
    )
