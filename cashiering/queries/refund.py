"""Refunds as people and programs look at them, and what of a payment can still go back."""

from collections.abc import Collection

from django.db.models import QuerySet, Sum

from billing.queries import settled_by
from cashiering.models import Credit, Payment, Refund, RefundPart
from cashiering.rules.refunds import Refundable
from hms_ach.access.models import User
from hms_ach.money import Money


def refunds_of(facility_ids: Collection[int]) -> QuerySet[Refund]:
    """Refunds of the facilities with what a list shows, newest first. One SQL query."""
    rows = Refund.objects.filter(facility_id__in=facility_ids)
    people = ("requested_by", "approved_by", "released_by", "ended_by")
    return rows.select_related(
        "facility", "payment__patient", "payment__session", "tender", "session", *people
    ).order_by("-id")


def refundable_of(payment: Payment) -> Refundable:
    """What can still go back: of each invoice, less what waits, and of what is on account. Three queries."""
    waiting = RefundPart.objects.filter(refund__payment=payment, refund__state__in=Refund.PENDING)
    held = {
        row["invoice_id"]: int(row["sum"])
        for row in waiting.order_by().values("invoice_id").annotate(sum=Sum("amount_minor"))
    }
    left: dict[int | None, Money] = {
        one.invoice_id: one.amount - Money(held.get(one.invoice_id, 0), payment.currency)
        for one in settled_by(payment.public_id)
    }
    credit = Credit.objects.filter(payment=payment).first()
    if credit is not None:
        left[None] = Money(credit.amount_minor - credit.used_minor, payment.currency)
    return Refundable({key: amount for key, amount in left.items() if amount})


def refunded_minor(payment: Payment) -> int:
    """What really went back. One SQL query."""
    gone = Refund.objects.filter(payment=payment, state__in=Refund.DONE)
    return gone.aggregate(sum=Sum("amount_minor"))["sum"] or 0


def cash_given_out(refund: Refund) -> list[Money]:
    """What left a drawer for a refund, by currency; nothing before, and by card or bank. One SQL query."""
    if refund.tender.kind != "CASH" or refund.session is None:
        return []
    key = f"refund:{refund.public_id}"
    rows = refund.session.movements.filter(kind="REFUND", key__startswith=key).order_by("id")
    return [Money(row.amount_minor, row.currency or refund.currency) for row in rows]


def refunds_to_decide(user: User, facility_ids: Collection[int]) -> QuerySet[Refund]:
    """What waits for this person's approval. One SQL query."""
    return refunds_of(facility_ids).filter(state="REQUESTED").exclude(requested_by=user)


def refunds_to_pay(facility_ids: Collection[int]) -> QuerySet[Refund]:
    """Approved ones that a register gives back. One SQL query."""
    rows = refunds_of(facility_ids).filter(state="APPROVED", tender__kind__in=["CASH", "CARD"])
    return rows.exclude(tender__kind="CARD", payment__session=None)


def refunds_to_release(user: User, facility_ids: Collection[int]) -> QuerySet[Refund]:
    """Approved ones that go by the bank, and failed ones. One SQL query."""
    rows = refunds_of(facility_ids).filter(state__in=["APPROVED", "FAILED"])
    rows = rows.exclude(tender__kind="CASH").exclude(tender__kind="CARD", payment__session__isnull=False)
    return rows.exclude(requested_by=user).exclude(approved_by=user)
