"""How cashiers do: over and short, voids after cash, cheques a day late, each with its evidence."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.db.models import Count

from cashiering.models import TillPolicy
from cashiering.queries.cashier_record import voids_at_desk
from cashiering.rules.signals import Standing, Tally, ewma, is_pattern, standings

_TALLIES = """
    WITH receipt AS (
        SELECT p.id, p.taken_by_id AS cashier, p.patient_id, p.session_id, p.taken_at, p.business_on,
               v.id AS void_id,
               bool_or(t.kind = 'CASH') AS has_cash, bool_or(t.kind = 'CHEQUE') AS has_cheque
        FROM cashiering_payment p
        JOIN cashiering_tender t ON t.payment_id = p.id
        LEFT JOIN cashiering_paymentvoid v ON v.payment_id = p.id
        WHERE p.facility_id = ANY(%(facilities)s) AND p.business_on BETWEEN %(first)s AND %(last)s
          AND p.session_id IS NOT NULL
        GROUP BY p.id, v.id
    ), timed AS MATERIALIZED (
        SELECT r.*,
            max(taken_at) FILTER (WHERE void_id IS NULL)
                OVER (PARTITION BY session_id, patient_id) AS last_kept_at,
            CASE WHEN has_cheque AND void_id IS NULL THEN (
                SELECT min(r.business_on - i.issued_on) FROM cashiering_allocation a
                JOIN billing_invoice i ON i.id = a.invoice_id WHERE a.payment_id = r.id
            ) END AS days_late
        FROM receipt r
    ), told AS (
        SELECT t.*,
            void_id IS NOT NULL AND has_cash AND coalesce(last_kept_at <= taken_at, true) AS is_gone,
            coalesce(days_late = 1
                OR (days_late BETWEEN 2 AND 3 AND extract(isodow FROM business_on) = 1), false) AS is_late
        FROM timed t
    )
"""
_COUNTS = "".join(
    (
        _TALLIES,
        """
    SELECT cashier, count(*), count(void_id), count(*) FILTER (WHERE has_cash),
        count(*) FILTER (WHERE is_gone),
        count(*) FILTER (WHERE days_late = 0 OR is_late),
        count(*) FILTER (WHERE is_late)
    FROM told GROUP BY cashier ORDER BY cashier
""",
    )
)
_EVIDENCE = "".join(
    (
        _TALLIES,
        """
    SELECT j.cashier, CASE WHEN is_gone THEN 'VOID_AFTER_CASH' ELSE 'LAPPING' END, p.public_id,
        p.receipt_number, p.taken_at, v.voided_at, v.reason, p.total_minor, p.currency, j.days_late,
        f.timezone
    FROM told j JOIN cashiering_payment p ON p.id = j.id
    JOIN access_facility f ON f.id = p.facility_id
    LEFT JOIN cashiering_paymentvoid v ON v.id = j.void_id
    WHERE j.cashier = ANY(%(cashiers)s) AND (is_gone OR is_late)
    ORDER BY p.taken_at, p.id
""",
    )
)
_DIFFERENCES = """
    SELECT s.cashier_id, coalesce(o.difference_minor, 0), s.business_on,
        abs(coalesce(o.difference_minor, 0)) > coalesce(p.variance_free_minor, %(free)s)
    FROM cashiering_session s
    LEFT JOIN cashiering_tillpolicy p ON p.facility_id = s.facility_id
    LEFT JOIN cashiering_overshort o ON o.session_id = s.id AND o.kind = 'CLOSING'
        AND o.currency = s.currency
    WHERE s.facility_id = ANY(%(facilities)s) AND s.business_on BETWEEN %(first)s AND %(last)s
      AND s.counted_minor IS NOT NULL AND NOT s.is_rescue
    ORDER BY s.cashier_id, s.closed_at, s.id
"""
_NO_SALES = """
    SELECT s.cashier_id, count(*) FROM cashiering_cashmovement m
    JOIN cashiering_session s ON s.id = m.session_id
    WHERE m.kind = 'NO_SALE' AND s.facility_id = ANY(%(facilities)s)
      AND s.business_on BETWEEN %(first)s AND %(last)s GROUP BY s.cashier_id
"""

# Pauses between two receipts of a session; a longer one is no work at the desk.
_PACES = """
    SELECT cashier, percentile_cont(0.5) WITHIN GROUP (ORDER BY pause) FROM (
        SELECT taken_by_id AS cashier, extract(epoch FROM taken_at - lag(taken_at) OVER (
            PARTITION BY session_id ORDER BY taken_at, id)) AS pause
        FROM cashiering_payment WHERE facility_id = ANY(%(facilities)s)
          AND business_on BETWEEN %(first)s AND %(last)s AND session_id IS NOT NULL
    ) AS served WHERE pause > 0 AND pause <= 900 GROUP BY cashier
"""
_REFUNDS = """
    SELECT r.requested_by_id, count(*), count(*) FILTER (WHERE r.is_patient_present IS FALSE)
    FROM cashiering_refund r
    JOIN cashiering_payment p ON p.id = r.payment_id
    WHERE r.facility_id = ANY(%(facilities)s) AND p.business_on BETWEEN %(first)s AND %(last)s
      AND r.state NOT IN ('REJECTED', 'CANCELLED') GROUP BY r.requested_by_id
"""


@dataclass(frozen=True, slots=True)
class CashierQuality:
    """One cashier over a span of days. Differences are in minor units of the facility's currency.

    voids_handed_out   voids of receipts that had left the desk, on paper or as a message
    refunds_absent     refunds asked for while the patient was not there
    seconds_a_receipt  the median from one receipt to the next, of pauses up to a quarter of an hour; None
                       where there was none
    """

    cashier_id: int
    sessions: int
    receipts: int
    voids: int
    voids_handed_out: int
    no_sales: int
    refunds: int
    refunds_absent: int
    seconds_a_receipt: int | None
    over_shorts: int
    difference_minor: int
    ewma_minor: float
    is_pattern: bool
    void_after_cash: Standing
    lapping: Standing

    @property
    def over_shorts_per_thousand(self) -> float:
        """Sessions with a difference for each thousand receipts."""
        return 1000 * self.over_shorts / self.receipts if self.receipts else 0.0

    @property
    def no_sales_per_hundred(self) -> float:
        """Drawers opened without a sale for each hundred receipts."""
        return 100 * self.no_sales / self.receipts if self.receipts else 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """One receipt behind a signal; timezone is its facility's."""

    cashier_id: int
    signal: str
    public_id: str
    receipt_number: str
    taken_at: datetime
    voided_at: datetime | None
    reason: str
    total_minor: int
    currency: str
    days_late: int | None
    timezone: str


def cashier_quality(facility_ids: Collection[int], first: date, last: date) -> list[CashierQuality]:
    """Every cashier of these days, by id. Six SQL queries.

    Pattern: three closes within thirty days whose difference was beyond the facility's free one.

    Void after cash: a voided cash receipt whose patient paid nothing again in that session, out of all
    cash receipts. Lapping: a cheque for an invoice of the working day before, out of the cheques for
    invoices of that day or the day itself.
    """
    span = {"facilities": list(facility_ids), "first": first, "last": last}
    rows = _rows(_COUNTS, span)
    gone = standings({row[0]: Tally(row[4], row[3]) for row in rows})
    late = standings({row[0]: Tally(row[6], row[5]) for row in rows})
    differences: dict[int, list[int]] = {}
    beyond: dict[int, list[date]] = {}
    free = TillPolicy._meta.get_field("variance_free_minor").get_default()
    for cashier, minor, day, is_beyond in _rows(_DIFFERENCES, span | {"free": free}):
        differences.setdefault(cashier, []).append(int(minor))
        if is_beyond:
            beyond.setdefault(cashier, []).append(day)
    no_sales = dict(_rows(_NO_SALES, span))
    handed_out = voids_at_desk(facility_ids, first, last).filter(is_handed_out=True).order_by()
    late_voids = dict(handed_out.values_list("payment__taken_by").annotate(Count("id")))
    refunds = {cashier: (asked, absent) for cashier, asked, absent in _rows(_REFUNDS, span)}
    paces = {cashier: round(seconds) for cashier, seconds in _rows(_PACES, span)}
    return [
        CashierQuality(
            cashier_id=row[0],
            sessions=len(differences.get(row[0], [])),
            receipts=row[1],
            voids=row[2],
            voids_handed_out=late_voids.get(row[0], 0),
            no_sales=no_sales.get(row[0], 0),
            refunds=refunds.get(row[0], (0, 0))[0],
            refunds_absent=refunds.get(row[0], (0, 0))[1],
            seconds_a_receipt=paces.get(row[0]),
            over_shorts=sum(minor != 0 for minor in differences.get(row[0], [])),
            difference_minor=sum(differences.get(row[0], [])),
            ewma_minor=ewma(differences.get(row[0], [])),
            is_pattern=is_pattern(sorted(beyond.get(row[0], []))),
            void_after_cash=gone[row[0]],
            lapping=late[row[0]],
        )
        for row in rows
    ]


def evidence_of(
    facility_ids: Collection[int], first: date, last: date, *, cashiers: Collection[int]
) -> list[Evidence]:
    """The receipts behind these cashiers' signals, in order of time. One SQL query, or none."""
    if not cashiers:
        return []
    span = {"facilities": list(facility_ids), "first": first, "last": last, "cashiers": list(cashiers)}
    return [Evidence(*row) for row in _rows(_EVIDENCE, span)]


def _rows(sql: str, span: dict) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, span)
        return cursor.fetchall()
