"""Whose money is in a bag: the sessions behind a deposit."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from cashiering.models import Deposit, DepositPart, OverShort, Session, Tender
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class BaggedSession:
    """What one session gave to a bag, as the bag declares it.

    over_short  what its drawer had more (positive) or less at the close, in the bag's currency
    """

    public_id: str
    number: str
    cashier: str
    business_on: date
    cash: Money
    cheques: Money
    over_short: Money


def sessions_in_bag(deposit_id: str) -> list[BaggedSession]:
    """The sessions whose cash or cheques a deposit holds, by number; empty for one that is not known.

    deposit_id  its public id, also with the ending of one that is awaited anew ("dep_….2")

    Five queries.
    """
    bag = Deposit.objects.filter(public_id=deposit_id.partition(".")[0]).first()
    if bag is None:
        return []
    cash = dict(DepositPart.objects.filter(deposit=bag).values_list("session", "cash_minor"))
    cheques = dict(
        Tender.objects.filter(deposit=bag)
        .order_by()
        .values("payment__session")
        .annotate(total=Sum("amount_minor"))
        .values_list("payment__session", "total")
    )
    closed = OverShort.objects.filter(session__in=[*cash, *cheques], kind="CLOSING", currency=bag.currency)
    off = dict(
        closed.order_by()
        .values("session")
        .annotate(total=Sum("difference_minor"))
        .values_list("session", "total")
    )
    rows = Session.objects.filter(pk__in=[*cash, *cheques]).select_related("cashier")
    return [
        BaggedSession(
            public_id=row.public_id,
            number=row.number,
            cashier=row.cashier.get_full_name(),
            business_on=row.business_on,
            cash=Money(cash.get(row.pk, 0), bag.currency),
            cheques=Money(cheques.get(row.pk, 0), bag.currency),
            over_short=Money(off.get(row.pk, 0), bag.currency),
        )
        for row in rows.order_by("number", "id")
    ]
