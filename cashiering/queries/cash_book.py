"""The cash book of a day: as the book of entries has it now, and as it was written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from cashiering.models import CashBookLine, CashBookPage, Session
from cashiering.rules.cash_book import COLUMNS, ROLES, CashBookRow
from hms_ach.access.models import Facility
from hms_ach.money import Money

# Every line of the day with its place and column; what each item carried before is one line of its own.
_LINES = """
    WITH line AS (
        SELECT p.facility_id, p.role, p.reference, p.currency, sum(p.amount_minor) AS minor, NULL AS kind,
            NULL AS source, NULL AS entry, NULL::timestamptz AS at
        FROM ledger_posting p
        WHERE p.role = ANY(%(roles)s) AND p.facility_id = ANY(%(facilities)s) AND p.effective_on < %(day)s
        GROUP BY p.facility_id, p.role, p.reference, p.currency HAVING sum(p.amount_minor) <> 0
        UNION ALL
        SELECT p.facility_id, p.role, p.reference, p.currency, p.amount_minor, e.source_kind, e.source_id,
            e.public_id, e.posted_at
        FROM ledger_posting p JOIN ledger_entry e ON e.id = p.entry_id
        WHERE p.role = ANY(%(roles)s) AND p.facility_id = ANY(%(facilities)s) AND p.effective_on = %(day)s
            AND p.amount_minor <> 0
    )
    SELECT facility.id, facility.name, entity.name, coalesce(department.name, ''),
        coalesce(register.code || ' ' || register.name, ''), line.role, register.id, department.id,
        line.currency, line.minor::bigint,
        CASE
            WHEN line.kind IS NULL THEN 'opening'
            WHEN moved.kind = 'PAID_IN' OR line.kind IN
                ('payment', 'payment_void', 'payment_return', 'cheque_return', 'reallocation') THEN 'receipts'
            WHEN moved.kind = 'PAID_OUT' OR line.kind = 'refund_payout' THEN 'payments'
            WHEN moved.kind = 'FLOAT_IN' OR line.kind IN ('cash_transfer', 'session') THEN 'handed'
            WHEN line.kind = 'deposit' THEN 'deposits'
            WHEN line.role IN ('card.clearing', 'transfer.clearing') THEN 'deposits'
            ELSE 'other' END,
        line.at, line.source, line.entry
    FROM line
    JOIN access_facility facility ON facility.id = line.facility_id
    JOIN access_legalentity entity ON entity.id = facility.legal_entity_id
    LEFT JOIN cashiering_session drawer
        ON line.role IN ('cash.drawer', 'cheque.drawer') AND drawer.public_id = line.reference
    LEFT JOIN cashiering_cardbatch batch
        ON line.role = 'card.clearing' AND batch.public_id = line.reference
    LEFT JOIN cashiering_payment paid
        ON line.role = 'transfer.clearing' AND paid.public_id = line.reference
    LEFT JOIN cashiering_session taken ON taken.id = paid.session_id
    LEFT JOIN cashiering_register register
        ON register.id = coalesce(drawer.register_id, taken.register_id)
        OR register.facility_id = batch.facility_id
            AND (register.terminal_id = nullif(batch.terminal_id, '')
                OR batch.terminal_id = 'REG-' || register.id)
    LEFT JOIN access_department department ON department.id = register.department_id
    LEFT JOIN cashiering_cashmovement moved
        ON line.kind = 'cash_movement' AND moved.public_id = line.source
    ORDER BY facility.code, register.code NULLS LAST, array_position(%(roles)s, line.role::text),
        line.currency, register.id, line.at NULLS FIRST, line.entry
"""
_PARTS = COLUMNS[:-1]


@dataclass(frozen=True, slots=True)
class CashBookDocument:
    """One posting behind a line: when, in which column, by which document and entry."""

    at: datetime
    column: str
    source: str
    entry: str
    amount: Money


def cash_book_rows(facilities: Collection[Facility], *, on: date) -> list[CashBookRow]:
    """The day by the book as it stands, each place, tender and currency. Two SQL queries.

    A drawer that runs and is not counted has no figures: they would tell what it should hold.
    """
    ids = [one.pk for one in facilities]
    blind = uncounted_registers(ids, on)
    sums: dict[tuple, dict[str, int]] = {}
    for *names, minor, part, _at, _source, _entry in _lines(ids, on):
        row = sums.setdefault(tuple(names), dict.fromkeys(_PARTS, 0))
        row[part] += minor
    return [_row(names, parts, blind) for names, parts in sums.items()]


def _lines(facility_ids: Collection[int], on: date) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES, {"facilities": list(facility_ids), "roles": list(ROLES), "day": on})
        return cursor.fetchall()


def uncounted_registers(facility_ids: Collection[int], on: date) -> frozenset[int]:
    """Registers whose drawer was in use by then and is not counted. One SQL query."""
    rows = Session.objects.filter(
        facility_id__in=facility_ids, counted_minor__isnull=True, business_on__lte=on
    )
    return frozenset(rows.values_list("register_id", flat=True))


def _row(names: Sequence[Any], parts: Mapping[str, int], blind: frozenset[int]) -> CashBookRow:
    facility, site, institution, department, place, role, register, department_id, currency = names
    is_blind = role == "cash.drawer" and register in blind
    figures = tuple(Money(minor, currency) for minor in (*parts.values(), sum(parts.values())))
    return CashBookRow(
        facility_id=facility,
        site=site,
        institution=institution,
        department=department,
        place=place or ("Safe" if role == "cash.safe" else "Without a register"),
        role=role,
        register_id=register,
        department_id=department_id,
        currency=currency,
        figures=None if is_blind else figures,
    )


def cash_book_documents(
    facility: Facility, *, on: date, role: str, register_id: int | None, currency: str
) -> list[CashBookDocument]:
    """What stands behind one line, in the order it was posted. At most two SQL queries.

    Nothing for a drawer that runs and is not counted.
    """
    if role == "cash.drawer" and register_id in uncounted_registers([facility.pk], on):
        return []
    return [
        CashBookDocument(at, part, source, entry, Money(minor, currency))
        for *names, minor, part, at, source, entry in _lines([facility.pk], on)
        if at is not None and (names[5], names[6], names[8]) == (role, register_id, currency)
    ]


def cash_book_pages(facility_ids: Collection[int]) -> QuerySet[CashBookPage]:
    """Written pages, the newest day first. One SQL query."""
    rows = CashBookPage.objects.filter(facility_id__in=facility_ids)
    return rows.select_related("facility", "written_by", "deposit").order_by("-business_on", "facility__code")


def cash_book(facilities: Collection[Facility], *, on: date) -> list[CashBookRow]:
    """The day as it was written, and where no page is written yet, as the book stands. Four SQL queries.

    A written line whose closing is another one by now says so.
    """
    live = cash_book_rows(facilities, on=on)
    pages = CashBookPage.objects.filter(facility__in=[one.pk for one in facilities], business_on=on)
    facility_of = dict(pages.values_list("pk", "facility_id"))
    lines = CashBookLine.objects.filter(page_id__in=facility_of).select_related("register", "department")
    written = {_key(facility_of[line.page_id], line): line for line in lines.order_by("id")}
    rows = []
    for row in live:
        line = written.pop(_key(row.facility_id, row), None)
        if line is not None:
            rows.append(_as_written(row, line))
        elif row.facility_id in facility_of.values():
            nothing = tuple(Money.zero(row.currency) for _column in COLUMNS)
            rows.append(replace(row, figures=nothing, now=row.closing))
        else:
            rows.append(row)
    return rows


def _key(facility_id: int, row: CashBookRow | CashBookLine) -> tuple:
    return facility_id, row.role, row.register_id, row.currency


def _as_written(row: CashBookRow, line: CashBookLine) -> CashBookRow:
    figures = tuple(Money(getattr(line, f"{column}_minor"), line.currency) for column in COLUMNS)
    is_same = row.figures is None or figures == row.figures
    department = line.department.name if line.department else ""
    return replace(row, figures=figures, department=department, now=None if is_same else row.closing)
