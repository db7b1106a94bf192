"""Whether a facility's day at the till is finished."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from cashiering.models import CardBatch, Deposit, Session

_DONE = ("APPROVED", "DEPOSITED", "BANK_CONFIRMED")
_LEFT = ("IN_TRANSIT", "CONFIRMED")


@dataclass(frozen=True, slots=True)
class DayItem:
    """One document of the day."""

    kind: str
    public_id: str
    name: str
    state: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class DayState:
    """The sessions, deposits and card batches of one business day."""

    items: list[DayItem]

    @property
    def open_items(self) -> list[DayItem]:
        return [item for item in self.items if not item.is_done]

    @property
    def is_done(self) -> bool:
        """Whether every session is approved, every deposit on its way and every batch closed."""
        return not self.open_items


def day_state(facility, business_on: date) -> DayState:
    """What is done and what is still open of a day at the till, for the day's board.

    A session is done when approved; a deposit when handed over; a card batch when closed. What is open
    from days before counts too: its entries would go into this day's batch. Four SQL queries.
    """
    facility_id = getattr(facility, "pk", facility)
    of_day, before = Q(business_on=business_on), Q(business_on__lt=business_on)
    sessions = Session.objects.filter(of_day | before & ~Q(state__in=_DONE), facility_id=facility_id)
    sessions = sessions.order_by("number", "id")
    deposits = Deposit.objects.filter(of_day | before & ~Q(state__in=_LEFT), facility_id=facility_id)
    deposits = deposits.exclude(state="CANCELLED")
    deposits = deposits.order_by("bag_number", "id")
    closed = CardBatch.objects.filter(of_day, facility_id=facility_id).order_by("terminal_id", "number")
    open_batches = CardBatch.objects.filter(
        facility_id=facility_id, state="OPEN", opened_on__lte=business_on, tenders__isnull=False
    ).distinct()
    batches = [*closed, *open_batches.order_by("terminal_id", "number")]
    return DayState(
        items=[
            *(_item("session", row, row.state in _DONE) for row in sessions),
            *(_item("deposit", row, row.state in _LEFT) for row in deposits),
            *(_item("card_batch", row, row.state in ("CLOSED", "SETTLED")) for row in batches),
        ]
    )


def _item(kind: str, row: Session | Deposit | CardBatch, is_done: bool) -> DayItem:
    return DayItem(kind, row.public_id, str(row), row.get_state_display(), is_done)
