"""Sessions as people look at them. The expectation stays hidden until the count is committed."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.utils.crypto import salted_hmac

from cashiering.models import (
    CashMovement,
    OverShort,
    Payment,
    Session,
    Tender,
    TerminalRequest,
    TillPolicy,
)
from cashiering.queries.expected_cash import drawer_flows, held_in_all
from cashiering.rules.shift import Shift, shift_of
from hms_ach.access.models import User
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class TenderLine:
    """What one tender came to, and in how many payments."""

    kind: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class ShiftShown:
    """ends_at is None where shifts have no limit."""

    state: Shift
    ends_at: datetime | None


@dataclass(frozen=True, slots=True)
class SessionResult:
    """The result sheet. Made only for a session whose count is committed."""

    counted: Money
    expected: Money
    difference: Money
    tenders: list[TenderLine]
    unticked_cheques: int
    unticked_slips: list[Tender]
    voids: int


def session_of(user: User) -> Session | None:
    """The session a cashier works in now. One SQL query."""
    rows = Session.objects.filter(cashier=user, state__in=Session.IN_CUSTODY)
    return rows.select_related("register", "facility__till_policy").first()


def last_session_of(user: User) -> Session | None:
    """The cashier's newest session that was closed, by force as well. One SQL query."""
    rows = Session.objects.filter(cashier=user, state__in=(*Session.COUNTED, Session.State.FORCED))
    return rows.select_related("register", "facility", "forced_by").order_by("-id").first()


def sessions_of(facility_ids: frozenset[int]) -> QuerySet[Session]:
    """Sessions of the facilities, newest first. One SQL query."""
    rows = Session.objects.filter(facility_id__in=facility_ids)
    return rows.select_related("register", "facility", "cashier", "approved_by").order_by("-id")


def session_result(session: Session) -> SessionResult | None:
    """What a committed count showed; None before it. Five SQL queries."""
    if session.counted_minor is None:
        return None
    currency = session.currency
    expected = Money(drawer_flows(session).expected, currency)
    counted = Money(session.counted_minor, currency)
    tenders = Tender.objects.filter(payment__session=session, payment__void__isnull=True)
    sums: dict[str, list[int]] = {}
    for kind, amount in tenders.order_by("kind").values_list("kind", "amount_minor"):
        line = sums.setdefault(kind, [0, 0])
        line[0] += 1
        line[1] += amount
    return SessionResult(
        counted=counted,
        expected=expected,
        difference=counted - expected,
        tenders=[
            TenderLine(Tender.Kind(kind).label, count, Money(amount, currency))
            for kind, (count, amount) in sums.items()
        ],
        unticked_cheques=tenders.filter(kind="CHEQUE", ticked_at__isnull=True).count(),
        unticked_slips=[slip for slip in slips_of(session) if slip.ticked_at is None],
        voids=Payment.objects.filter(session=session, void__isnull=False).count(),
    )


def is_over_limit(session: Session) -> bool:
    """Whether the drawer holds more than it should, in all: the lamp, which never says how much.

    It lights somewhere within the last twentieth below the limit, for each session elsewhere, so that
    nobody learns the expectation by paying in until it lights. Queries as held_in_all.
    """
    return held_in_all([session])[session.pk] > session.register.drawer_limit_minor - _blur(session)


def is_full(session: Session) -> bool:
    """Whether the drawer takes no more cash: somewhere within the first twentieth above its limit.

    Queries as held_in_all.
    """
    return held_in_all([session])[session.pk] > session.register.drawer_limit_minor + _blur(session)


def _blur(session: Session) -> int:
    secret = salted_hmac("cashiering.drawer_lamp", session.public_id).digest()
    return session.register.drawer_limit_minor * secret[0] // (256 * 20)


def people_of_drawer(session: Session) -> set[int]:
    """Ids of everybody who had a hand in a session's cash, and who therefore do not approve it.

    Who worked it, counted or audited it, confirmed its opening count, gave, took or witnessed its cash, or
    worked the session whose card sale a rescue session books. Four SQL queries.
    """
    hands = session.movements.values_list("made_by_id", "witness_id")
    rescued = TerminalRequest.objects.filter(tender__payment__session=session)
    people = {session.cashier_id, session.forced_by_id}
    people |= {pk for pair in hands for pk in pair}
    people |= {pk for pair in session.counts.values_list("counted_by_id", "confirmed_by_id") for pk in pair}
    people |= set(session.audits.values_list("audited_by_id", flat=True))
    people |= set(rescued.values_list("session__cashier_id", flat=True))
    return {pk for pk in people if pk is not None}


def approval_bar(session: Session, user: User) -> str:
    """Why this person approves neither the session nor its difference, and who does. At most six SQL queries.

    Empty where nothing speaks against it: approve_session and approve_variance hold the same rules.
    """
    if user.pk in people_of_drawer(session):
        return "You had a hand in this drawer. Another head cashier or a controller approves it."
    waiting = session.over_shorts.filter(state__in=(OverShort.State.PENDING, OverShort.State.UNEXPLAINED))
    is_large = waiting.filter(needs_finance=True).exists()
    if is_large and not user.has_perm("cashiering.approve_large_variance"):
        return "The difference is beyond a head cashier's limit. A controller approves it."
    return ""


def shift_at(session: Session, now: datetime) -> ShiftShown:
    """Where the session stands in its shift, and when that ends. At most one SQL query."""
    policy = getattr(session.facility, "till_policy", None) or TillPolicy()
    hours = policy.shift_hours
    ends_at = session.opened_at + timedelta(hours=hours) if hours is not None else None
    return ShiftShown(shift_of(session.opened_at, now, hours=hours), ends_at)


def movements_of(session: Session) -> QuerySet[CashMovement]:
    return session.movements.select_related("made_by", "witness", "slip", "suspect_note").order_by("id")


def cheques_of(session: Session) -> list[Tender]:
    """The session's cheques to tick, in the order taken. One SQL query."""
    rows = Tender.objects.filter(payment__session=session, kind="CHEQUE", payment__void__isnull=True)
    return list(rows.select_related("payment").order_by("id"))


def slips_of(session: Session) -> list[Tender]:
    """Slips to tick: of transfers, of wallets, of HSA and FSA cards, in the order taken. One SQL query."""
    is_slip = Q(kind="TRANSFER") | Q(is_wallet=True) | Q(is_health_account=True)
    rows = Tender.objects.filter(is_slip, payment__session=session, payment__void__isnull=True)
    return list(rows.select_related("payment").order_by("id"))


def variances_of(session: Session) -> list[OverShort]:
    """What the count found over or short, one row a currency. One SQL query."""
    rows = OverShort.objects.filter(session=session, kind="CLOSING").select_related("approved_by")
    return list(rows.order_by("id"))


def unfinished_sale(session: Session, *, besides: Collection[str] = ()) -> TerminalRequest | None:
    """The oldest card sale that is neither declined, nor booked, nor voided. Two SQL queries.

    besides  public ids of sales that the cashier has in hand already
    """
    rows = TerminalRequest.objects.filter(session=session, kind="SALE", tender__isnull=True)
    sales = list(rows.exclude(state="DECLINED").exclude(public_id__in=besides).order_by("id"))
    keys = [f"void:{sale.public_id}" for sale in sales]
    undone = set(TerminalRequest.objects.filter(key__in=keys, state="APPROVED").values_list("key", flat=True))
    return next((sale for sale in sales if f"void:{sale.public_id}" not in undone), None)
