"""What stands on clearing accounts beside what the bank is expected to show, for the book's tie-out."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, Sum

from cashiering.models import Advice, Refund, Tender
from cashiering.queries.advice import STATES
from cashiering.rules.advice import clearing_role
from hms_ach.money import Money


def open_card_sums(*, facility_ids: Iterable[int]) -> list[Money]:
    """What stands in card batches that are still open, by currency, less refunds. Two SQL queries."""
    tenders = Tender.objects.filter(
        card_batch__state="OPEN", card_batch__facility_id__in=list(facility_ids), payment__void__isnull=True
    )
    refunds = Refund.objects.filter(
        card_batch__state="OPEN", card_batch__facility_id__in=list(facility_ids), state__in=Refund.DONE
    )
    sums: dict[str, int] = {}
    for rows, sign in ((tenders, 1), (refunds, -1)):
        for row in rows.order_by().values("currency").annotate(sum=Sum("amount_minor")):
            sums[row["currency"]] = sums.get(row["currency"], 0) + sign * int(row["sum"])
    return [Money(minor, currency) for currency, minor in sorted(sums.items())]


def refund_sums(*, facility_ids: Iterable[int]) -> list[Money]:
    """What was sent back by the bank and is not paid out: on its way, or come back and owed. One SQL query.

    Below zero, as the book owes it.
    """
    rows = Refund.objects.filter(
        facility_id__in=list(facility_ids), session=None, card_batch=None, sent_at__isnull=False
    ).exclude(state="SETTLED")
    sums = rows.order_by("currency").values("currency").annotate(sum=Sum("amount_minor"))
    return [Money(-int(row["sum"]), row["currency"]) for row in sums]


def advice_sums(*, facility_ids: Iterable[int]) -> list[tuple[str, Money]]:
    """What the bank confirmed of announced sums, and no document took over yet, by clearing role.

    Signed as it stands in the book: a credit, which is negative, came in. A refund that came back is left
    out: it is owed under its own name (refund_sums). One SQL query.
    """
    ours = Refund.objects.filter(public_id=OuterRef("original"))
    rows = Advice.objects.filter(~Exists(ours), STATES["CONFIRMED"], facility_id__in=list(facility_ids))
    came = Sum("amount_minor", filter=Q(amount_minor__gt=0))
    left = Sum("amount_minor", filter=Q(amount_minor__lt=0))
    return [
        (clearing_role(row["kind"], minor), Money(-int(minor), row["currency"]))
        for row in rows.order_by("kind", "currency").values("kind", "currency").annotate(came=came, left=left)
        for minor in (row["came"], row["left"])
        if minor
    ]
