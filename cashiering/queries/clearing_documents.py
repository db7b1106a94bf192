"""What stands on clearing accounts beside what the bank is expected to show, for the book's tie-out."""

from collections.abc import Iterable, Iterator

from django.db.models import Exists, OuterRef

from cashiering.models import Advice, ChargebackWin, LockboxCheque, Refund, Tender
from cashiering.queries.advice import STATES
from cashiering.rules.advice import clearing_role
from hms_ach.money import Money
from ledger.commands import OpenDocument


def open_card_documents(*, facility_ids: Iterable[int]) -> Iterator[OpenDocument]:
    """What stands in card batches that are still open, less refunds, by the batch. Two SQL queries."""
    of_batch = {"card_batch__state": "OPEN", "card_batch__facility_id__in": list(facility_ids)}
    tenders = Tender.objects.filter(payment__void__isnull=True, **of_batch)
    refunds = Refund.objects.filter(state__in=Refund.DONE, **of_batch)
    columns = ("card_batch__public_id", "card_batch__facility_id", "amount_minor", "currency")
    for rows, sign in ((tenders, 1), (refunds, -1)):
        for public_id, facility_id, minor, currency in rows.order_by("id").values_list(*columns):
            yield OpenDocument("card.clearing", public_id, facility_id, Money(sign * minor, currency))


def refund_documents(*, facility_ids: Iterable[int]) -> Iterator[OpenDocument]:
    """What was sent back by the bank and is not paid out: on its way, or come back and owed. One SQL query.

    Below zero, as the book owes it.
    """
    rows = Refund.objects.filter(
        facility_id__in=list(facility_ids), session=None, card_batch=None, sent_at__isnull=False
    ).exclude(state="SETTLED")
    columns = ("public_id", "facility_id", "amount_minor", "currency")
    for public_id, facility_id, minor, currency in rows.order_by("id").values_list(*columns):
        yield OpenDocument("refund.clearing", public_id, facility_id, Money(-minor, currency))


def advice_documents(*, facility_ids: Iterable[int]) -> Iterator[OpenDocument]:
    """What the bank confirmed of announced sums, and no document took over yet.

    Signed as it stands in the book: a credit, which is negative, came in. A refund that came back is left
    out: it is owed under its own name (refund_documents). One SQL query.
    """
    ours = Refund.objects.filter(public_id=OuterRef("original"))
    rows = Advice.objects.filter(~Exists(ours), STATES["CONFIRMED"], facility_id__in=list(facility_ids))
    columns = ("kind", "public_id", "facility_id", "amount_minor", "currency")
    for kind, public_id, facility_id, minor, currency in rows.order_by("id").values_list(*columns):
        yield OpenDocument(clearing_role(kind, minor), public_id, facility_id, Money(-minor, currency))


def unplaced_lockbox_documents(*, facility_ids: Iterable[int]) -> Iterator[OpenDocument]:
    """What cheques of lockboxes put into suspense, as the book owes it: below zero. One SQL query."""
    rows = LockboxCheque.objects.filter(facility_id__in=list(facility_ids), payment=None)
    columns = ("public_id", "facility_id", "amount_minor", "deposit__currency")
    for public_id, facility_id, minor, currency in rows.order_by("id").values_list(*columns):
        yield OpenDocument("suspense.unidentified", public_id, facility_id, Money(-minor, currency))


def won_suspense_documents(*, facility_ids: Iterable[int]) -> Iterator[OpenDocument]:
    """What chargebacks that were won put into suspense, as the book owes it: below zero. One SQL query."""
    rows = ChargebackWin.objects.filter(facility_id__in=list(facility_ids), suspense_minor__gt=0)
    columns = ("public_id", "facility_id", "suspense_minor", "currency")
    for public_id, facility_id, minor, currency in rows.order_by("id").values_list(*columns):
        yield OpenDocument("suspense.unidentified", public_id, facility_id, Money(-minor, currency))
