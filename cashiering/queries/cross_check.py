"""What was billed and what was collected, each told by tables that know nothing of each other."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db import connection

from hms_ach.money import Money

# A document found in one place and not in the other, or with another amount there. What an entry of a receipt
# brought are its debits in its own currency, less local change on foreign notes, and not what cash lacked for
# want of a smaller coin.
_ORPHANS = """
    WITH paid AS (
        SELECT p.*, v.id IS NOT NULL AS is_void,
            p.total_minor - p.rounding_minor - p.unapplied_minor AS for_bills,
            (SELECT sum(t.amount_minor) FROM cashiering_tender t WHERE t.payment_id = p.id) AS tendered,
            coalesce((SELECT sum(s.amount_minor) FROM billing_settlement s
                      WHERE s.source = p.public_id), 0) AS laid,
            coalesce((SELECT sum(r.amount_minor) FROM cashiering_refund r WHERE r.payment_id = p.id
                      AND r.state IN ('SENT', 'SETTLED', 'FAILED')), 0) AS refunded
        FROM cashiering_payment p LEFT JOIN cashiering_paymentvoid v ON v.payment_id = p.id
        WHERE p.facility_id = ANY(%(facilities)s) AND p.business_on BETWEEN %(first)s AND %(last)s
    ), booked AS (
        SELECT e.source_kind, e.source_id, e.facility_id, back.id IS NOT NULL AS is_reversed,
            (SELECT sum(line.amount_minor) FROM ledger_posting line WHERE line.entry_id = e.id
             AND line.currency = f.currency
             AND (line.amount_minor > 0 AND line.role <> 'rounding.cash'
                  OR line.amount_minor < 0 AND line.role = 'cash.drawer')) AS minor
        FROM ledger_entry e JOIN access_facility f ON f.id = e.facility_id
        LEFT JOIN ledger_entry back ON back.reverses_id = e.id
        WHERE e.source_kind IN ('payment', 'invoice') AND e.reverses_id IS NULL
          AND e.facility_id = ANY(%(facilities)s) AND e.effective_on BETWEEN %(first)s AND %(last)s
    ), billed AS (
        SELECT i.* FROM billing_invoice i WHERE i.facility_id = ANY(%(facilities)s)
          AND i.issued_on BETWEEN %(first)s AND %(last)s AND i.state IN ('ISSUED', 'PAID')
    )
    SELECT facility_id, 'Receipt not in the book', public_id, receipt_number, total_minor, currency FROM paid
        WHERE NOT EXISTS (SELECT FROM booked b WHERE b.source_kind = 'payment' AND b.source_id = public_id)
    UNION ALL SELECT p.facility_id, 'Receipt with another amount in the book', public_id, receipt_number,
        total_minor, currency FROM paid p
        JOIN booked b ON b.source_kind = 'payment' AND b.source_id = p.public_id
        WHERE b.minor <> p.total_minor OR b.is_reversed <> p.is_void
    UNION ALL SELECT facility_id, 'Receipt whose tenders add up to something else', public_id, receipt_number,
        total_minor, currency FROM paid WHERE tendered IS DISTINCT FROM total_minor
    UNION ALL SELECT facility_id, 'Receipt that paid another amount on invoices', public_id, receipt_number,
        total_minor, currency FROM paid
        WHERE (is_void AND laid <> 0)
           OR (NOT is_void AND laid NOT BETWEEN for_bills - refunded AND for_bills)
    UNION ALL SELECT facility_id, 'Entry of a receipt that does not exist', source_id, source_id, minor, ''
        FROM booked b WHERE source_kind = 'payment'
          AND NOT EXISTS (SELECT FROM cashiering_payment p WHERE p.public_id = b.source_id)
    UNION ALL SELECT i.facility_id, 'Payment on an invoice without its receipt', s.source, i.number,
        s.amount_minor, i.currency FROM billing_settlement s JOIN billing_invoice i ON i.id = s.invoice_id
        WHERE s.source LIKE 'pay\\_%%' AND i.facility_id = ANY(%(facilities)s)
          AND s.settled_on BETWEEN %(first)s AND %(last)s
          AND NOT EXISTS (SELECT FROM cashiering_payment p WHERE p.public_id = s.source)
    UNION ALL SELECT facility_id, 'Invoice not in the book', public_id, number, total_minor, currency
        FROM billed WHERE NOT EXISTS (
            SELECT FROM booked b WHERE b.source_kind = 'invoice' AND b.source_id = public_id)
    UNION ALL SELECT facility_id, 'Entry of an invoice that does not exist', source_id, source_id, minor, ''
        FROM booked b WHERE source_kind = 'invoice'
          AND NOT EXISTS (SELECT FROM billing_invoice i WHERE i.public_id = b.source_id)
    ORDER BY 1, 2, 3 LIMIT %(most)s
"""
_TOTALS = """
    SELECT f.id, f.code, f.currency,
        (SELECT coalesce(sum(i.total_minor), 0) FROM billing_invoice i WHERE i.facility_id = f.id
         AND i.state IN ('ISSUED', 'PAID') AND i.currency = f.currency
         AND i.issued_on BETWEEN %(first)s AND %(last)s),
        (SELECT coalesce(sum(line.amount_minor), 0) FROM ledger_posting line
         JOIN ledger_entry e ON e.id = line.entry_id
         WHERE e.facility_id = f.id AND e.source_kind = 'invoice' AND e.reverses_id IS NULL
         AND e.effective_on BETWEEN %(first)s AND %(last)s AND line.currency = f.currency
         AND line.role LIKE 'receivable.%%' AND line.amount_minor > 0
         AND NOT EXISTS (SELECT FROM ledger_entry back WHERE back.reverses_id = e.id)),
        (SELECT coalesce(sum(t.amount_minor), 0) FROM cashiering_tender t
         JOIN cashiering_payment p ON p.id = t.payment_id
         WHERE p.facility_id = f.id AND p.business_on BETWEEN %(first)s AND %(last)s
         AND p.currency = f.currency
         AND NOT EXISTS (SELECT FROM cashiering_paymentvoid v WHERE v.payment_id = p.id)),
        (SELECT coalesce(sum(line.amount_minor), 0) FROM ledger_posting line
         JOIN ledger_entry e ON e.id = line.entry_id
         WHERE e.facility_id = f.id AND e.source_kind = 'payment' AND e.reverses_id IS NULL
         AND e.effective_on BETWEEN %(first)s AND %(last)s AND line.currency = f.currency
         AND (line.amount_minor > 0 AND line.role <> 'rounding.cash'
              OR line.amount_minor < 0 AND line.role = 'cash.drawer')
         AND NOT EXISTS (SELECT FROM ledger_entry back WHERE back.reverses_id = e.id))
    FROM access_facility f WHERE f.id = ANY(%(facilities)s) ORDER BY f.code
"""
MOST = 200


@dataclass(frozen=True, slots=True)
class CrossTotals:
    """One facility's days, told twice: by the documents, and by the book."""

    facility_id: int
    code: str
    billed: Money
    billed_in_book: Money
    collected: Money
    collected_in_book: Money

    @property
    def billed_difference(self) -> Money:
        return self.billed - self.billed_in_book

    @property
    def collected_difference(self) -> Money:
        return self.collected - self.collected_in_book


@dataclass(frozen=True, slots=True)
class Orphan:
    """A document that one place knows and another does not, or knows otherwise. Its amount may be unknown."""

    facility_id: int
    problem: str
    public_id: str
    number: str
    amount: Money | None


def cross_totals(facility_ids: Collection[int], first: date, last: date) -> list[CrossTotals]:
    """Billed and collected from the first day to the last, by facility. One SQL query."""
    return [
        CrossTotals(pk, code, *(Money(int(minor), currency) for minor in sums))
        for pk, code, currency, *sums in _rows(_TOTALS, facility_ids, first, last)
    ]


def orphans(facility_ids: Collection[int], first: date, last: date) -> list[Orphan]:
    """Documents without their counterpart, at most MOST of them, by facility and kind. One SQL query."""
    return [
        Orphan(pk, problem, public_id, number, Money(int(minor), currency) if currency and minor else None)
        for pk, problem, public_id, number, minor, currency in _rows(_ORPHANS, facility_ids, first, last)
    ]


def _rows(sql: str, facility_ids: Collection[int], first: date, last: date) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"facilities": list(facility_ids), "first": first, "last": last, "most": MOST})
        return cursor.fetchall()
