"""What the safe holds: loose cash, and the sealed bags that wait for the bank."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cashiering.models import CashTransfer, Deposit, DepositPart, SafeCount
from hms_ach.access.models import Facility
from hms_ach.money import Money
from ledger.queries import balance_of


@dataclass(frozen=True, slots=True)
class SealedBag:
    """One sealed bag in the safe, its cash and where it came from."""

    number: str
    amount: Money
    origin: str
    since: datetime


def safe_holds(facility: Facility) -> Money:
    """The cash that the book says is in the facility's safe. One SQL query."""
    return balance_of(
        "cash.safe", legal_entity=facility.legal_entity, currency=facility.currency, facility=facility
    )


def sealed_bags(facility: Facility) -> list[SealedBag]:
    """Bags of drops whose session is in no deposit, and deposits that did not leave, by number.

    Two SQL queries.
    """
    bagged = DepositPart.objects.filter(deposit__state__in=Deposit.LIVE).values("session_id")
    drops = CashTransfer.objects.filter(facility=facility, kind="DROP", state="ACCEPTED").exclude(
        sender_id__in=bagged
    )
    here = Deposit.objects.filter(facility=facility, state__in=["PREPARED", "VERIFIED"], cash_minor__gt=0)
    bags = [
        SealedBag(one.bag_number, Money(one.amount_minor, one.currency), one.sender.number, one.offered_at)
        for one in drops.select_related("sender").order_by("id")
        if one.sender is not None
    ]
    bags += [
        SealedBag(
            one.bag_number,
            Money(one.cash_minor, one.currency),
            f"Deposit, slip {one.slip_number}",
            one.prepared_at,
        )
        for one in here.order_by("id")
    ]
    return sorted(bags, key=lambda bag: bag.number)


def safe_counts_of(facility_ids: frozenset[int]) -> QuerySet[SafeCount]:
    """Counts of the facilities' safes, newest first. One SQL query."""
    rows = SafeCount.objects.filter(facility_id__in=facility_ids)
    return rows.select_related("facility", "counted_by", "confirmed_by", "approved_by").order_by("-id")
