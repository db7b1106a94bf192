"""Payments as people and programs look at them."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import QuerySet

from cashiering.models import Payment, PaymentVoid, Tender
from cashiering.queries.payment_since import (
    MoveShown,
    OtherReceipt,
    RefundShown,
    ReturnShown,
    gone_minor,
    moves_shown,
    refunds_shown,
    returns_shown,
    state_with,
)
from hms_ach.access.models import Facility
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class AllocationShown:
    invoice: str
    number: str
    amount: Money
    remaining: Money


@dataclass(frozen=True, slots=True)
class TenderShown:
    """One tender in words: "Visa ···· 4242", "Cheque 1001", "Cash EUR 50.00 at 1.0842".

    foreign is cash in another currency as it was handed over, with the rate it was taken at, the day of that
    rate and who said it; tendered is then what it was worth.
    """

    kind: str
    label: str
    amount: Money
    tendered: Money
    change: Money
    card_batch: str
    foreign: Money | None = None
    rate: str = ""
    rate_on: date | None = None
    rate_source: str = ""


@dataclass(frozen=True, slots=True)
class PaymentShown:
    """A receipt with what it paid and how. is_voidable says nothing of who may."""

    id: int
    public_id: str
    receipt_number: str
    facility: Facility
    register: str
    patient_name: str
    mrn: str
    patient: str
    total: Money
    unapplied: Money
    rounding: Money
    change: Money
    business_on: date
    taken_at: datetime
    taken_by: str
    cashier_id: int
    session: str
    session_number: str
    state: str
    void_reason: str
    voided_by: str
    void_approved_by: str
    voided_at: datetime | None
    void_asked: bool
    is_voidable: bool
    allocations: list[AllocationShown]
    tenders: list[TenderShown]
    moves: list[MoveShown]
    refunds: list[RefundShown]
    returns: list[ReturnShown]
    refunded: Money
    replaces: OtherReceipt | None
    replaced_by: OtherReceipt | None


def payments_of(facility_ids: frozenset[int]) -> QuerySet[Payment]:
    """All payments of the facilities with what a list shows, newest first. One SQL query."""
    rows = Payment.objects.filter(facility_id__in=facility_ids)
    rows = rows.annotate(gone_minor=gone_minor())
    return rows.select_related("patient", "taken_by", "session", "void", "facility").order_by("-id")


def identified_receipt(source: str) -> Payment | None:
    """The receipt of money whose owner was found by the source, see keep_identified. One SQL query."""
    return Payment.objects.filter(key=f"identified:{source}").first()


def state_of(payment: Payment) -> str:
    """The state of a row of payments_of: nothing is refunded before its money has left."""
    gone: int = payment.gone_minor  # type: ignore[attr-defined]
    return state_with(payment, is_voided=hasattr(payment, "void"), gone_minor=gone)


def payment_shown(payment: Payment) -> PaymentShown:
    """One payment in full. Seven SQL queries."""
    rows = Payment.objects.select_related(
        "facility",
        "patient",
        "taken_by",
        "session__register",
        "void__voided_by",
        "void__approved_by",
        "void__correction__replacement",
        "corrects__void__payment",
        "void_request",
    )
    payment = rows.get(pk=payment.pk)
    tenders = tenders_shown(payment)
    void = getattr(payment, "void", None)
    session = payment.session
    currency = payment.currency
    refunds = refunds_shown(payment)
    refunded = Money(sum(one.amount.minor for one in refunds if one.is_gone), currency)
    return PaymentShown(
        id=payment.pk,
        public_id=payment.public_id,
        receipt_number=payment.receipt_number,
        facility=payment.facility,
        register=str(session.register) if session else "",
        patient_name=payment.patient.name if payment.patient else "",
        mrn=payment.patient.mrn if payment.patient else "",
        patient=payment.patient.public_id if payment.patient else "",
        total=Money(payment.total_minor, currency),
        unapplied=Money(payment.unapplied_minor, currency),
        rounding=Money(payment.rounding_minor, currency),
        change=Money(sum(tender.change.minor for tender in tenders), currency),
        business_on=payment.business_on,
        taken_at=payment.taken_at,
        taken_by=payment.taken_by.get_full_name(),
        cashier_id=payment.taken_by_id,
        session=session.public_id if session else "",
        session_number=session.number if session else "",
        state=state_with(payment, is_voided=void is not None, gone_minor=refunded.minor),
        void_reason=void.reason if void else "",
        voided_by=void.voided_by.get_full_name() if void else "",
        void_approved_by=void.approved_by.get_full_name() if void and void.approved_by else "",
        voided_at=void.voided_at if void else None,
        void_asked=hasattr(payment, "void_request") and not void,
        is_voidable=void is None and not refunds and session is not None and session.state == "OPEN",
        allocations=allocations_shown(payment),
        tenders=tenders,
        moves=moves_shown(payment),
        refunds=refunds,
        returns=returns_shown(payment),
        refunded=refunded,
        replaces=_other(payment.corrects.void.payment) if hasattr(payment, "corrects") else None,
        replaced_by=_replacement(void),
    )


def _other(payment: Payment) -> OtherReceipt:
    return OtherReceipt(payment.public_id, payment.receipt_number)


def _replacement(void: PaymentVoid | None) -> OtherReceipt | None:
    correction = getattr(void, "correction", None)
    return _other(correction.replacement) if correction else None


def allocations_shown(payment: Payment) -> list[AllocationShown]:
    """What a payment paid, in the order of the invoices. One SQL query."""
    rows = payment.allocations.order_by("invoice_id").values_list(
        "invoice__public_id",
        "invoice__number",
        "amount_minor",
        "invoice__total_minor",
        "invoice__settled_minor",
    )
    return [
        AllocationShown(
            invoice=invoice,
            number=number or "",
            amount=Money(amount, payment.currency),
            remaining=Money(total - settled, payment.currency),
        )
        for invoice, number, amount, total, settled in rows
    ]


def tenders_shown(payment: Payment) -> list[TenderShown]:
    """How a payment was paid, line by line. One SQL query."""
    rows = payment.tenders.select_related("card_batch", "exchange_rate")
    return [_tender(row) for row in rows.order_by("line")]


def _tender(row: Tender) -> TenderShown:
    label = row.get_kind_display()
    if row.kind == "CARD" and row.card_last4:
        label = f"{row.card_brand} ···· {row.card_last4}"
    elif row.reference and row.kind in ("CHEQUE", "TRANSFER"):
        label = f"{label} {row.reference}"
    rate, foreign = row.exchange_rate, None
    if rate is not None:
        foreign = row.handed_over
        label = f"{label} {foreign.currency} {foreign} at {rate.rate.normalize():f}"
    return TenderShown(
        kind=row.kind,
        label=label,
        amount=Money(row.amount_minor, row.currency),
        tendered=Money(row.tendered_minor, row.currency),
        change=Money(row.change_minor, row.currency),
        card_batch=str(row.card_batch) if row.card_batch else "",
        foreign=foreign,
        rate=f"{rate.rate.normalize():f}" if rate else "",
        rate_on=rate.on if rate else None,
        rate_source=rate.source if rate else "",
    )
