"""What became of receipts that were to go out by e-mail or text message."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import chain

from django.db.models import Exists, OuterRef, Q, QuerySet

from cashiering.models import Payment, ReceiptMail, ReceiptText
from cashiering.rules.address import masked_address
from cashiering.rules.telephone import masked_telephone
from hms_ach import clock

# Who asked for a receipt last week no longer waits for it at the desk.
TOLD_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Sending:
    """One receipt on its way. state: SENT, WAITING or FAILED; to: masked; problem: nothing of the person."""

    way: str
    to: str
    asked_at: datetime
    asked_by: str
    state: str
    tries: int
    sent_at: datetime | None
    next_try_at: datetime | None
    problem: str


def sendings_of(payment: Payment) -> list[Sending]:
    """Every e-mail and text message of a receipt, oldest first. Two SQL queries."""
    mails = payment.mails.select_related("asked_by").order_by("id")
    texts = payment.texts.select_related("asked_by").order_by("id")
    shown = chain(
        (_shown("E-mail", masked_address(one.address), one) for one in mails),
        (_shown("Text message", masked_telephone(one.number), one) for one in texts),
    )
    return sorted(shown, key=lambda one: one.asked_at)


def _shown(way: str, to: str, row: ReceiptMail | ReceiptText) -> Sending:
    state = "SENT" if row.sent_at else "WAITING" if row.next_try_at else "FAILED"
    return Sending(
        way=way,
        to=to,
        asked_at=row.asked_at,
        asked_by=row.asked_by.get_full_name(),
        state=state,
        tries=row.tries,
        sent_at=row.sent_at,
        next_try_at=row.next_try_at,
        problem=getattr(row, "problem", ""),
    )


def unsent_receipts(facility_ids: Collection[int]) -> QuerySet[Payment]:
    """Receipts of the week that were given up, and that nothing else brought to the person.

    In no order. Another message that went, or is still on its way, makes up for it.
    """
    since = clock.now() - TOLD_FOR
    rows = Payment.objects.filter(facility_id__in=facility_ids)
    return rows.filter(Q(_given_up(ReceiptMail, since)) | Q(_given_up(ReceiptText, since))).filter(
        ~_is_on_its_way(ReceiptMail), ~_is_on_its_way(ReceiptText)
    )


def _given_up(model: type[ReceiptMail] | type[ReceiptText], since: datetime) -> Exists:
    rows = model.objects.filter(payment=OuterRef("pk"), asked_at__gte=since)
    return Exists(rows.filter(sent_at__isnull=True, next_try_at__isnull=True))


def _is_on_its_way(model: type[ReceiptMail] | type[ReceiptText]) -> Exists:
    rows = model.objects.filter(payment=OuterRef("pk"))
    return Exists(rows.filter(Q(sent_at__isnull=False) | Q(next_try_at__isnull=False)))
