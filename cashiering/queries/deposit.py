"""What is in the safe and waits for the bank, and the bags that took it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Exists, F, OuterRef, QuerySet, Subquery, Sum, When
from django.db.models.functions import Coalesce

from cashiering.models import (
    CardBatch,
    CashMovement,
    CashTransfer,
    Count,
    Deposit,
    DepositPart,
    Session,
    Tender,
)
from cashiering.queries.expected_cash import cash_to_bank
from hms_ach.access.models import Facility, User
from hms_ach.money import Money

# A session whose cash is in the safe, in whatever currency; its own may be with the bank already.
SAFE_HAS_IT = ("APPROVED", "DEPOSITED", "BANK_CONFIRMED")


@dataclass(frozen=True, slots=True)
class Depositable:
    """Sessions with the cash each gives, and cheques."""

    sessions: list[tuple[Session, Money]]
    cheques: list[Tender]


def depositable(facility: Facility, currency: str = "") -> Depositable:
    """Approved sessions not yet deposited, and ticked cheques still here.

    currency  of the cash; the facility's own when empty. Two SQL queries, and one for each session.
    """
    if currency not in ("", facility.currency):
        return _foreign(facility, currency)
    sessions = undeposited_sessions().filter(facility=facility)
    cheques = Tender.objects.filter(
        kind="CHEQUE",
        deposit__isnull=True,
        ticked_at__isnull=False,
        payment__void__isnull=True,
        payment__facility=facility,
        payment__session__state__in=["APPROVED", "DEPOSITED", "BANK_CONFIRMED"],
    )
    ordered = sessions.select_related("cashier").order_by("number", "id")
    return Depositable(
        sessions=[(session, cash_to_bank(session)) for session in ordered],
        cheques=list(cheques.select_related("payment").order_by("id")),
    )


def _foreign(facility: Facility, currency: str) -> Depositable:
    """Foreign cash of approved sessions that is in no bag yet. One SQL query, and three for each session."""
    rows = foreign_undeposited([facility.pk]).filter(currency=currency)
    found = rows.select_related("session__cashier").order_by("session__number", "id")
    return Depositable(
        sessions=[(one.session, cash_to_bank(one.session, currency)) for one in found], cheques=[]
    )


def undeposited_sessions() -> QuerySet[Session]:
    """Approved sessions whose own cash is in no bag, or was in one that was opened again."""
    in_bag = DepositPart.objects.filter(
        deposit__state__in=Deposit.LIVE, deposit__currency=F("session__currency")
    ).values("session_id")
    return Session.objects.filter(state="APPROVED").exclude(pk__in=in_bag)


def foreign_undeposited(facility_ids: Collection[int]) -> QuerySet[Count]:
    """The last counts of foreign cash of approved sessions that is in no bag yet, one a session and currency.

    Each with `to_bank_minor`, which is what `cash_to_bank` says and never zero. One SQL query.
    """
    same = {"session": OuterRef("session"), "currency": OuterRef("currency")}
    bagged = DepositPart.objects.filter(
        session=OuterRef("session"), deposit__state__in=Deposit.LIVE, deposit__currency=OuterRef("currency")
    )
    later = Count.objects.filter(**same, kind="RECOUNT", id__gt=OuterRef("id"))
    rows = Count.objects.filter(session__facility_id__in=facility_ids, session__state__in=SAFE_HAS_IT)
    last = rows.exclude(currency="").exclude(kind="OPENING").exclude(Exists(bagged)).exclude(Exists(later))
    return last.annotate(to_bank_minor=F("total_minor") + _moved(same)).exclude(to_bank_minor=0)


def _moved(same: dict[str, OuterRef]) -> Coalesce:
    """What the drawer dropped in a currency, less the safe's float that it had, as `cash_to_bank` counts."""
    sign = Case(
        When(kind="DROP", then=F("amount_minor")),
        When(kind="FLOAT_IN", then=-F("amount_minor")),
        When(kind="RECEIVED", then=-F("float_minor")),
        When(kind="HANDED", then=F("float_minor")),
        default=0,
    )
    # values() before annotate() groups by the session: one sum of all its movements.
    sums = CashMovement.objects.filter(**same).order_by().values("session").annotate(sum=Sum(sign))
    return Coalesce(Subquery(sums.values("sum")), 0)


def deposits_of(facility_ids: frozenset[int]) -> QuerySet[Deposit]:
    """Deposits of the facilities, newest first. One SQL query."""
    rows = Deposit.objects.filter(facility_id__in=facility_ids)
    return rows.select_related(
        "facility", "prepared_by", "verified_by", "handed_over_by", "cancelled_by"
    ).order_by("-id")


@dataclass(frozen=True, slots=True)
class Hop:
    """One step of the cash on its way, with the people at both ends."""

    title: str
    giver: str
    taker: str
    when: datetime | date | None
    tone: str = "good"


def custody_of(deposit: Deposit) -> list[Hop]:
    """The chain of a bag: drawers, drops, safe, bag, courier, bank. Three SQL queries."""
    sessions = Session.objects.filter(deposit_parts__deposit=deposit).select_related("cashier", "approved_by")
    drops = CashTransfer.objects.filter(
        sender__deposit_parts__deposit=deposit, kind="DROP", state="ACCEPTED", currency=deposit.currency
    )
    hops = [
        Hop(
            f"Bag {one.bag_number} dropped to the safe",
            one.offered_by.get_full_name(),
            one.decided_by.get_full_name() if one.decided_by else "",
            one.decided_at,
        )
        for one in drops.select_related("offered_by", "decided_by").order_by("decided_at", "id")
    ]
    hops += [
        Hop(
            f"Drawer of {one.number} emptied into the safe",
            one.cashier.get_full_name(),
            one.approved_by.get_full_name() if one.approved_by else "",
            one.approved_at,
        )
        for one in sessions.order_by("approved_at", "id")
    ]
    return sorted(hops, key=lambda hop: str(hop.when)) + _last_hops(deposit)


def _last_hops(deposit: Deposit) -> list[Hop]:
    def name(user: User | None) -> str:
        return user.get_full_name() if user else ""

    preparer = name(deposit.prepared_by)
    hops = [Hop("Sealed in the bag", preparer, "", deposit.prepared_at)]
    if deposit.verified_by:
        hops.append(Hop("Verified", preparer, name(deposit.verified_by), deposit.verified_at))
    if deposit.cancelled_by:
        said = f"Opened again: {deposit.cancel_reason}"
        hops.append(Hop(said, preparer, name(deposit.cancelled_by), deposit.cancelled_at, "stop"))
    if deposit.handed_over_by:
        giver = name(deposit.handed_over_by)
        hops.append(Hop("Handed to the courier", giver, deposit.courier, deposit.handed_over_at))
    if deposit.confirmed_on:
        hops.append(Hop("Confirmed by the bank", deposit.courier, "Bank", deposit.confirmed_on))
    return hops


def card_batches_of(facility_ids: frozenset[int]) -> QuerySet[CardBatch]:
    """Card batches of the facilities, newest first, with what is in the open ones. One SQL query."""
    rows = CardBatch.objects.filter(facility_id__in=facility_ids).select_related("facility", "agreement")
    return rows.annotate(so_far=Sum("tenders__amount_minor")).order_by("-id")
