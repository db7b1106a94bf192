"""What stands in a card batch."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet, Sum

from cashiering.models import CardBatch, Refund, Tender
from cashiering.rules.card_fee import FeeRate
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class BatchSums:
    """Sales less refunds, and the number of both."""

    gross: Money
    sales: int


def batch_sums(batch: CardBatch) -> BatchSums:
    """What the acquirer will owe for the batch, voided sales left out. Two SQL queries."""
    live = Tender.objects.filter(payment__void__isnull=True, card_batch=batch)
    taken = live.aggregate(gross=Sum("amount_minor"), sales=Count("id"))
    back = Refund.objects.filter(card_batch=batch, state__in=Refund.DONE)
    given = back.aggregate(sum=Sum("amount_minor"), count=Count("id"))
    gross = (taken["gross"] or 0) - (given["sum"] or 0)
    return BatchSums(Money(gross, batch.currency), taken["sales"] + given["count"])


def fee_rate_of(batch: CardBatch) -> FeeRate | None:
    """What the acquirer may keep of a closed batch by its agreement; None where it has none."""
    agreement = batch.agreement
    if agreement is None:
        return None
    fixed = Money(agreement.fee_fixed_minor, batch.currency)
    return FeeRate(agreement.fee_basis_points, fixed, batch.sales or 0)


def has_difference(batch: CardBatch) -> bool:
    """Whether the terminal counted otherwise than we did and nobody has said why."""
    counted = batch.terminal_gross_minor
    return counted is not None and counted != batch.gross_minor and batch.difference_at is None


def batches_that_differ(facility_ids: Collection[int]) -> QuerySet[CardBatch]:
    """Closed batches with a difference that nobody cleared up, as `has_difference` says. One SQL query."""
    closed = CardBatch.objects.filter(facility_id__in=facility_ids, difference_at=None)
    told = closed.exclude(state="OPEN").exclude(terminal_gross_minor=None)
    return told.exclude(terminal_gross_minor=F("gross_minor"))


@dataclass(frozen=True, slots=True)
class BatchLine:
    """One card tender of a receipt, or a refund to a card, which takes from the batch.

    document  public id of the payment or refund
    """

    document: str
    amount: Money
    is_void: bool


def batch_lines(batch: CardBatch) -> list[BatchLine]:
    """What stands in a batch: sales in their order, then refunds. Two SQL queries."""
    sales = Tender.objects.filter(card_batch=batch).select_related("payment__void").order_by("id")
    refunds = Refund.objects.filter(card_batch=batch, state__in=Refund.DONE).order_by("id")
    lines = [
        BatchLine(
            document=tender.payment.public_id,
            amount=Money(tender.amount_minor, tender.currency),
            is_void=hasattr(tender.payment, "void"),
        )
        for tender in sales
    ]
    return lines + [
        BatchLine(refund.public_id, Money(-refund.amount_minor, batch.currency), is_void=False)
        for refund in refunds
    ]
