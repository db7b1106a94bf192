"""What a drawer should hold: the one function that knows."""

from collections.abc import Sequence
from dataclasses import fields

from django.db import connection
from django.db.models import Q, Sum

from cashiering.models import Session
from cashiering.rules.expected import DrawerFlows
from cashiering.rules.foreign_cash import worth_of
from hms_ach.money import Money
from ledger.queries import rates_on

_FLOWS = """
    SELECT
        coalesce((SELECT c.total_minor FROM cashiering_count c
                  WHERE c.session_id = %(session)s AND c.kind = 'OPENING' AND c.currency = %(named)s),
                 moved.float_given, 0) AS opening_count,
        coalesce(paid.tendered, 0) AS cash_tendered, coalesce(paid.change, 0) AS change_given,
        coalesce(moved.paid_in, 0) AS paid_in, coalesce(moved.paid_out, 0) AS paid_out,
        coalesce(moved.drops, 0) AS drops, coalesce(moved.received, 0) AS received,
        coalesce(moved.handed, 0) AS handed, coalesce(moved.suspect, 0) AS suspect,
        coalesce(moved.refunds, 0) AS refunds
    FROM (SELECT sum(CASE WHEN %(named)s = '' THEN t.tendered_minor ELSE t.foreign_minor END)
                     FILTER (WHERE t.foreign_currency = %(named)s) AS tendered,
                 sum(t.change_minor) FILTER (WHERE %(named)s = '') AS change
          FROM cashiering_tender t
          JOIN cashiering_payment p ON p.id = t.payment_id
          LEFT JOIN cashiering_paymentvoid v ON v.payment_id = p.id
          WHERE p.session_id = %(session)s AND t.kind = 'CASH' AND v.id IS NULL) paid,
         (SELECT sum(m.amount_minor) FILTER (WHERE m.kind = 'FLOAT_IN') AS float_given,
                 sum(m.amount_minor) FILTER (WHERE m.kind = 'PAID_IN') AS paid_in,
                 sum(m.amount_minor) FILTER (WHERE m.kind = 'PAID_OUT') AS paid_out,
                 sum(m.amount_minor) FILTER (WHERE m.kind = 'DROP') AS drops,
                 sum(m.amount_minor) FILTER (WHERE m.kind = 'RECEIVED') AS received,
                 sum(m.amount_minor) FILTER (WHERE m.kind = 'HANDED') AS handed,
                 sum(m.amount_minor) FILTER (WHERE m.kind = 'SUSPECT') AS suspect,
                 sum(m.amount_minor) FILTER (WHERE m.kind = 'REFUND') AS refunds
          FROM cashiering_cashmovement m
          WHERE m.session_id = %(session)s AND m.currency = %(named)s) moved
"""
_FOREIGN = """
    SELECT p.session_id, t.foreign_currency
    FROM cashiering_tender t JOIN cashiering_payment p ON p.id = t.payment_id
    WHERE p.session_id = ANY(%(sessions)s) AND t.foreign_currency <> ''
    UNION
    SELECT m.session_id, m.currency FROM cashiering_cashmovement m
    WHERE m.session_id = ANY(%(sessions)s) AND m.currency <> ''
    UNION
    SELECT c.session_id, c.currency FROM cashiering_count c
    WHERE c.session_id = ANY(%(sessions)s) AND c.currency <> ''
    ORDER BY 1, 2
"""


def drawer_flows(session: Session, currency: str = "") -> DrawerFlows:
    """The sums behind the expectation; a float that nobody counted stands in for its count. One SQL query.

    currency  the session's own when empty
    """
    currency = currency or session.currency
    named = _named(session, currency)
    with connection.cursor() as cursor:
        cursor.execute(_FLOWS, {"session": session.pk, "named": named})
        row = cursor.fetchone()
    return DrawerFlows(*(int(number) for number in row[: len(fields(DrawerFlows))]))


def expected_cash(session: Session, currency: str = "") -> Money:
    """The cash that should be in the session's drawer, in one currency. One SQL query.

    Callers keep it to themselves until the count is committed: the close is blind.
    """
    return Money(drawer_flows(session, currency).expected, currency or session.currency)


def foreign_currencies(session: Session) -> list[str]:
    """Currencies besides the session's own whose cash went through its drawer. One SQL query."""
    return [currency for _pk, currency in _foreign([session])]


def held_in_all(sessions: Sequence[Session]) -> dict[int, int]:
    """What each drawer should hold, by session, in minor units of its own currency.

    Foreign cash counts at the latest rate by the session's day; such that no rate is known of, not at all.
    One SQL query, and for each session with foreign cash one more and one a currency.
    """
    foreign: dict[int, list[str]] = {}
    for pk, currency in _foreign(sessions):
        foreign.setdefault(pk, []).append(currency)
    return {one.pk: one.cash_minor + _worth(one, foreign.get(one.pk, [])) for one in sessions}


def _worth(session: Session, currencies: Sequence[str]) -> int:
    if not currencies:
        return 0
    quote = session.currency
    rates = rates_on(bases=currencies, quote=quote, on=session.business_on)
    return sum(
        worth_of(expected_cash(session, base), minor_rate=known.minor_rate, currency=quote).minor
        for base, known in rates.items()
    )


def _foreign(sessions: Sequence[Session]) -> list[tuple[int, str]]:
    with connection.cursor() as cursor:
        cursor.execute(_FOREIGN, {"sessions": [one.pk for one in sessions]})
        return cursor.fetchall()


def float_of(session: Session, currency: str = "") -> Money:
    """The float that the session must give back: from the safe, and with what colleagues handed on.

    currency  the session's own when empty. One SQL query.
    """
    sums = session.movements.filter(currency=_named(session, currency)).aggregate(
        safe=Sum("amount_minor", filter=Q(kind="FLOAT_IN")),
        came=Sum("float_minor", filter=Q(kind="RECEIVED")),
        went=Sum("float_minor", filter=Q(kind="HANDED")),
    )
    kept = (sums["safe"] or 0) + (sums["came"] or 0) - (sums["went"] or 0)
    return Money(kept, currency or session.currency)


def counted_cash(session: Session) -> dict[str, Money]:
    """What the last committed count found, by currency. One SQL query."""
    counts = session.counts.filter(kind__in=["CLOSING", "RECOUNT"]).order_by("id")
    totals = {one.currency or session.currency: one.total_minor for one in counts}
    return {currency: Money(minor, currency) for currency, minor in totals.items()}


def cash_to_bank(session: Session, currency: str = "") -> Money:
    """What an approved session gives to a deposit: all it took in cash; its float stays in the safe.

    Counted cash + drops − float. Below zero where it gave back more than it took, out of what the safe had
    brought: a bag makes up for that, so that the safe has its own again. currency is the session's own when
    empty. Two SQL queries, three for a foreign currency.
    """
    currency = currency or session.currency
    drops = session.movements.filter(kind="DROP", currency=_named(session, currency))
    dropped = drops.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    assert session.counted_minor is not None
    counted = session.counted_minor
    if currency != session.currency:
        counted = counted_cash(session).get(currency, Money.zero(currency)).minor
    return Money(counted + dropped - float_of(session, currency).minor, currency)


def _named(session: Session, currency: str) -> str:
    """How rows of a session name a currency: the session's own not at all."""
    return "" if currency == session.currency else currency
