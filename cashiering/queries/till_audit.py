"""Surprise audits, and moments when more left a drawer than it should have held."""

from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from cashiering.models import Session, TillAudit
from hms_ach.access.models import User
from hms_ach.money import Money

_STEPS = """
    WITH step AS (
        SELECT c.counted_at AS at, 'Opening count' AS what, c.total_minor AS amount, 0 AS rank, c.id
        FROM cashiering_count c WHERE c.session_id = %(session)s AND c.kind = 'OPENING' AND c.currency = ''
        UNION ALL
        SELECT p.taken_at, 'Payment ' || p.receipt_number,
            sum(CASE WHEN t.foreign_currency = '' THEN t.amount_minor ELSE -t.change_minor END), 1, p.id
        FROM cashiering_payment p JOIN cashiering_tender t ON t.payment_id = p.id
        WHERE p.session_id = %(session)s AND t.kind = 'CASH' GROUP BY p.id
        UNION ALL
        SELECT v.voided_at, 'Void of ' || p.receipt_number,
            -sum(CASE WHEN t.foreign_currency = '' THEN t.amount_minor ELSE -t.change_minor END), 2, v.id
        FROM cashiering_paymentvoid v JOIN cashiering_payment p ON p.id = v.payment_id
        JOIN cashiering_tender t ON t.payment_id = p.id
        WHERE p.session_id = %(session)s AND t.kind = 'CASH'
        GROUP BY v.id, p.receipt_number
        UNION ALL
        SELECT m.made_at, m.kind, CASE WHEN m.kind IN ('PAID_IN', 'RECEIVED') THEN m.amount_minor
                                       ELSE -m.amount_minor END, 3, m.id
        FROM cashiering_cashmovement m
        WHERE m.session_id = %(session)s AND m.currency = '' AND m.kind NOT IN ('NO_SALE', 'FLOAT_IN')
    ), running AS (
        SELECT at, what, amount, sum(amount) OVER (ORDER BY at, rank, id) AS held FROM step
    )
    SELECT at, what, -amount, held FROM running WHERE amount < 0 AND held < 0 ORDER BY at
"""


@dataclass(frozen=True, slots=True)
class OverdrawnStep:
    """Cash that left a drawer which should not have held it: taken as true, and shown to a second person."""

    at: datetime
    what: str
    amount: Money
    beyond: Money


def overdrawn_steps(session: Session) -> list[OverdrawnStep]:
    """What left the drawer beyond its expectation, in order of time. One SQL query.

    For people who may see the expectation: after the count is committed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STEPS, {"session": session.pk})
        return [
            OverdrawnStep(
                at=at,
                what=what.replace("_", " ").capitalize() if what.isupper() else what,
                amount=Money(int(amount), session.currency),
                beyond=Money(-int(held), session.currency),
            )
            for at, what, amount, held in cursor.fetchall()
        ]


def audits_shown(session: Session, user: User) -> list[TillAudit]:
    """The surprise audits of a session; its cashier sees them after the own count. One SQL query."""
    if session.cashier_id == user.pk and session.counted_minor is None:
        return []
    return list(session.audits.select_related("audited_by").order_by("id"))
