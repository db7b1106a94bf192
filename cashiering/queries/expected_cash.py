"""What a drawer should hold: the one function that knows."""

from dataclasses import fields

from django.db import connection
from django.db.models import Q, Sum

from cashiering.models import Session
from cashiering.rules.expected import DrawerFlows
from hms_ach.money import Money

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
    FROM (SELECT sum(t.tendered_minor) AS tendered, sum(t.change_minor) AS change
          FROM cashiering_tender t
          JOIN cashiering_payment p ON p.id = t.payment_id
          LEFT JOIN cashiering_paymentvoid v ON v.payment_id = p.id
          WHERE p.session_id = %(session)s AND t.kind = 'CASH' AND t.currency = %(currency)s
            AND v.id IS NULL) paid,
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
    SELECT t.currency FROM cashiering_tender t JOIN cashiering_payment p ON p.id = t.payment_id
    WHERE p.session_id = %(session)s AND t.kind = 'CASH' AND t.currency <> %(own)s
    UNION
    SELECT m.currency FROM cashiering_cashmovement m
    WHERE m.session_id = %(session)s AND m.currency NOT IN ('', %(own)s)
    ORDER BY 1
"""


def drawer_flows(session: Session, currency: str = "") -> DrawerFlows:
    """The sums behind the expectation; a float that nobody counted stands in for its count. One SQL query.

    currency  the session's own when empty
    """
    currency = currency or session.currency
    named = "" if currency == session.currency else currency
    with connection.cursor() as cursor:
        cursor.execute(_FLOWS, {"session": session.pk, "currency": currency, "named": named})
        row = cursor.fetchone()
    return DrawerFlows(*(int(number) for number in row[: len(fields(DrawerFlows))]))


def expected_cash(session: Session, currency: str = "") -> Money:
    """The cash that should be in the session's drawer, in one currency. One SQL query.

    Callers keep it to themselves until the count is committed: the close is blind.
    """
    return Money(drawer_flows(session, currency).expected, currency or session.currency)


def foreign_currencies(session: Session) -> list[str]:
    """Currencies besides the session's own whose cash went through its drawer. One SQL query."""
    with connection.cursor() as cursor:
        cursor.execute(_FOREIGN, {"session": session.pk, "own": session.currency})
        return [currency for (currency,) in cursor.fetchall()]


def float_of(session: Session) -> Money:
    """The float that the session must give back: from the safe, and with what colleagues handed on.

    One SQL query.
    """
    sums = session.movements.aggregate(
        safe=Sum("amount_minor", filter=Q(kind="FLOAT_IN")),
        came=Sum("float_minor", filter=Q(kind="RECEIVED")),
        went=Sum("float_minor", filter=Q(kind="HANDED")),
    )
    kept = (sums["safe"] or 0) + (sums["came"] or 0) - (sums["went"] or 0)
    return Money(kept, session.currency)


def cash_to_bank(session: Session) -> Money:
    """What an approved session gives to a deposit: all it took in cash; its float stays in the safe.

    Counted cash + drops − float, never below zero. Two SQL queries.
    """
    drops = session.movements.filter(kind="DROP", currency="").aggregate(sum=Sum("amount_minor"))["sum"] or 0
    assert session.counted_minor is not None
    kept = session.counted_minor + drops - float_of(session).minor
    return Money(max(kept, 0), session.currency)
