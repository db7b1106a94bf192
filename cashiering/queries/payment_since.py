"""What became of a payment since its receipt was written: corrected, laid elsewhere, given back."""

from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse

from cashiering.models import ChequeReturn, Payment, PaymentReturn, Refund
from cashiering.rules.payment_return import WORDS
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class OtherReceipt:
    """The receipt that replaces this one, or that this one replaces."""

    public_id: str
    receipt_number: str


@dataclass(frozen=True, slots=True)
class MoveShown:
    """Money of the payment that was laid against another invoice afterwards."""

    public_id: str
    from_invoice: str
    from_number: str
    to_invoice: str
    to_number: str
    amount: Money
    reason: str
    made_by: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Corrections:
    """What became of a receipt, without its lines."""

    is_voided: bool
    state: str
    refunded: Money
    replaces: OtherReceipt | None
    replaced_by: OtherReceipt | None


@dataclass(frozen=True, slots=True)
class ReturnShown:
    """A tender of the payment that came back: what, in words, and the page of its return."""

    public_id: str
    what: str
    page: str
    amount: Money
    on: date
    reason: str
    fee: Money


@dataclass(frozen=True, slots=True)
class RefundShown:
    """A refund of the payment. is_gone says that its money has left."""

    public_id: str
    amount: Money
    tender: str
    state: str
    state_label: str
    is_gone: bool
    on: date | None


def corrections_of(payment: Payment) -> Corrections:
    """What became of a receipt, and which receipts it stands for or that stand for it. One SQL query."""
    columns = (
        Payment.objects.filter(pk=payment.pk)
        .annotate(gone=gone_minor())
        .values_list(
            "void__pk",
            "gone",
            "corrects__void__payment__public_id",
            "corrects__void__payment__receipt_number",
            "void__correction__replacement__public_id",
            "void__correction__replacement__receipt_number",
        )
    )
    void, gone, old, old_number, new, new_number = columns.get()
    return Corrections(
        is_voided=void is not None,
        state=state_with(payment, is_voided=void is not None, gone_minor=gone),
        refunded=Money(gone, payment.currency),
        replaces=OtherReceipt(old, old_number) if old else None,
        replaced_by=OtherReceipt(new, new_number) if new else None,
    )


def moves_shown(payment: Payment) -> list[MoveShown]:
    """What was moved from one invoice to another since, in order. One SQL query."""
    rows = payment.reallocations.select_related("from_invoice", "to_invoice", "made_by").order_by("id")
    return [
        MoveShown(
            public_id=row.public_id,
            from_invoice=row.from_invoice.public_id,
            from_number=row.from_invoice.number or "",
            to_invoice=row.to_invoice.public_id,
            to_number=row.to_invoice.number or "",
            amount=Money(row.amount_minor, row.currency),
            reason=row.reason,
            made_by=row.made_by.get_full_name(),
            made_at=row.made_at,
        )
        for row in rows
    ]


def refunds_shown(payment: Payment) -> list[RefundShown]:
    """The refunds of a payment that are not rejected or cancelled, in order. One SQL query."""
    rows = payment.refunds.filter(state__in=Refund.LIVE).select_related("tender").order_by("id")
    return [
        RefundShown(
            public_id=row.public_id,
            amount=Money(row.amount_minor, row.currency),
            tender=row.tender.get_kind_display(),
            state=row.state,
            state_label=row.get_state_display(),
            is_gone=row.state in Refund.DONE,
            on=row.sent_on,
        )
        for row in rows
    ]


def returns_shown(payment: Payment) -> list[ReturnShown]:
    """Cheques, transfers and card sales of a payment that came back, in order. Two SQL queries."""
    cheques = payment.cheque_returns.filter(state="CONFIRMED").select_related("tender").order_by("id")
    others = payment.payment_returns.filter(state="CONFIRMED").select_related("tender").order_by("id")
    return [
        _return_shown(row, f"Cheque {row.tender.reference} returned unpaid", "cheque-return", row.fee_minor)
        for row in cheques
    ] + [_return_shown(row, WORDS[row.tender.kind], "payment-return", 0) for row in others]


def _return_shown(row: ChequeReturn | PaymentReturn, what: str, page: str, fee_minor: int) -> ReturnShown:
    return ReturnShown(
        public_id=row.public_id,
        what=what,
        page=reverse(f"cashiering:{page}", args=[row.public_id]),
        amount=Money(row.amount_minor, row.currency),
        on=row.returned_on,
        reason=row.get_reason_display(),
        fee=Money(fee_minor, row.currency),
    )


def gone_minor() -> Coalesce:
    """What really went back of each payment of a query."""
    gone = Refund.objects.filter(payment=OuterRef("pk"), state__in=Refund.DONE).order_by()
    return Coalesce(Subquery(gone.values("payment").annotate(sum=Sum("amount_minor")).values("sum")), 0)


def state_with(payment: Payment, *, is_voided: bool, gone_minor: int) -> str:
    """Nothing is refunded before its money has left."""
    if is_voided:
        return "VOIDED"
    if not gone_minor:
        return "RECEIVED"
    due_minor = payment.total_minor - max(payment.rounding_minor, 0)
    return "REFUNDED" if gone_minor >= due_minor else "PARTLY_REFUNDED"
