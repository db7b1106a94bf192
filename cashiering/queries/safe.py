"""What the safe holds: loose cash, and the sealed bags that wait for the bank."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from cashiering.models import CashTransfer, Count, Deposit, DepositPart, SafeCount
from cashiering.queries.cash_currency import rules_in_force
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


def safe_holds(facility: Facility, currency: str = "") -> Money:
    """The cash that the book says is in the facility's safe, its own currency when none is named.

    One SQL query.
    """
    return balance_of(
        "cash.safe",
        legal_entity=facility.legal_entity,
        currency=currency or facility.currency,
        facility=facility,
    )


def safe_currencies(facility: Facility) -> list[str]:
    """The facility's own currency, and every other whose cash was in its safe or may be. Three queries."""
    drops = CashTransfer.objects.filter(facility=facility).exclude(currency=facility.currency)
    counts = Count.objects.filter(session__facility=facility, session__counted_minor__isnull=False)
    foreign = set(drops.values_list("currency", flat=True).distinct())
    foreign |= set(counts.exclude(currency="").values_list("currency", flat=True).distinct())
    return [facility.currency, *sorted((foreign | set(rules_in_force(facility.pk))) - {facility.currency})]


def sealed_bags(facility: Facility, currency: str = "") -> list[SealedBag]:
    """Bags of drops whose session is in no deposit, and deposits that did not leave, by number.

    currency  of the cash in them; the facility's own when empty. Two SQL queries.
    """
    of = {"facility": facility, "currency": currency or facility.currency}
    bagged = DepositPart.objects.filter(
        deposit__state__in=Deposit.LIVE, deposit__currency=of["currency"]
    ).values("session_id")
    drops = CashTransfer.objects.filter(**of, kind="DROP", state="ACCEPTED").exclude(sender_id__in=bagged)
    here = Deposit.objects.filter(**of, state__in=["PREPARED", "VERIFIED"], cash_minor__gt=0)
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
