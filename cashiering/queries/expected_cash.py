"""What a drawer should hold: the one function that knows."""

from django.db import connection
from django.db.models import Q, Sum

from cashiering.models import Session
from cashiering.rules.expected import DrawerFlows
from hms_ach.money import Money

_FLOWS = """
    SELECT
        coalesce((SELECT c.total_minor FROM cashiering_count c
                  WHERE c.session_id = %(session)s AND c.kind = 'OPENING'), moved.float_given, 0),
        coalesce(paid.tendered, 0), coalesce(paid.change, 0),
        coalesce(moved.paid_in, 0), coalesce(moved.paid_out, 0), coalesce(moved.drops, 0)
    FROM (SELECT sum(t.tendered_minor) AS tendered, sum(t.change_minor) AS change
          FROM cashiering_tender t
          JOIN cashiering_payment p ON p.id = t.payment_id
          LEFT JOIN cashiering_paymentvoid v ON v.payment_id = p.id
          WHERE p.session_id = %(session)s AND t.kind = 'CASH' AND v.id IS NULL) paid,
         (SELECT sum(m.amount_minor) FILTER (WHERE m.kind = 'FLOAT_IN') AS float_given,
                 sum(m.amount_minor) FILTER (WHERE m.kind = 'PAID_IN') AS paid_in,
                 sum(m.amount_minor) FILTER (WHERE m.kind = 'PAID_OUT') AS paid_out,
                 sum(m.amount_minor) FILTER (WHERE m.kind = 'DROP') AS drops
          FROM cashiering_cashmovement m WHERE m.session_id = %(session)s) moved
"""


def drawer_flows(session: Session) -> DrawerFlows:
    """The sums behind the expectation; a float that nobody counted stands in for its count. One SQL query."""
    with connection.cursor() as cursor:
        cursor.execute(_FLOWS, {"session": session.pk})
        return DrawerFlows(*(int(number) for number in cursor.fetchone()))


def expected_cash(session: Session) -> Money:
    """The cash that should be in the session's drawer. One SQL query.

    Callers keep it to themselves until the count is committed: the close is blind.
    """
    return Money(drawer_flows(session).expected, session.currency)


def cash_to_bank(session: Session) -> Money:
    """What an approved session gives to a deposit: all it took in cash; its float stays in the safe.

    Counted cash + drops − float, never below zero. One SQL query.
    """
    sums = session.movements.aggregate(
        drops=Sum("amount_minor", filter=Q(kind="DROP")), float=Sum("amount_minor", filter=Q(kind="FLOAT_IN"))
    )
    assert session.counted_minor is not None
    kept = session.counted_minor + (sums["drops"] or 0) - (sums["float"] or 0)
    return Money(max(kept, 0), session.currency)
