"""The cash book of a day as rows for a file, and on paper."""

from collections.abc import Sequence
from datetime import date

from cashiering.models import CashBookPage
from cashiering.rules.cash_book import DEFINITION, LEVELS, CashBookRow
from hms_ach import clock
from hms_ach.access.models import Facility, User
from hms_ach.sheets import Cell, Column, Kind, StatementTable

_COLUMNS = (
    Column("Institution"),
    Column("Site"),
    Column("Department"),
    Column("Cash point"),
    Column("Tender"),
    Column("Currency"),
    Column("Opening", Kind.MONEY),
    Column("Receipts", Kind.MONEY),
    Column("Paid out", Kind.MONEY),
    Column("Handed on", Kind.MONEY),
    Column("To the bank", Kind.MONEY),
    Column("Other", Kind.MONEY),
    Column("Closing", Kind.MONEY),
    Column("Closing by now", Kind.MONEY),
)


def cash_book_table(
    rows: Sequence[CashBookRow],
    *,
    on: date,
    level: str,
    facilities: Sequence[Facility],
    pages: Sequence[CashBookPage],
    actor: User,
) -> StatementTable:
    """The rows as they stand on the page. What is not known, or not another by now, is an empty cell."""
    written = {page.facility_id: page for page in pages}
    facts = [
        ("Day", on.isoformat()),
        ("Facilities", ", ".join(one.code for one in facilities)),
        ("Added up by", LEVELS[level]),
        *((f"Page of {one.code}", _written(written.get(one.pk))) for one in facilities),
        ("Produced", clock.now().isoformat(timespec="minutes")),
        ("Produced by", f"{actor.get_full_name()} ({actor.get_username()})"),
        ("Definition", DEFINITION),
    ]
    return StatementTable(
        title=f"Cash book of {on:%b} {on.day}, {on.year}",
        name=f"cash-book-{on.isoformat()}",
        facts=tuple(facts),
        columns=_COLUMNS,
        rows=[_cells(row) for row in rows],
    )


def _written(page: CashBookPage | None) -> str:
    if page is None:
        return "not written yet"
    at = page.written_at.isoformat(timespec="minutes")
    return f"{page}, written {at} by {page.written_by.get_full_name()}"


def _cells(row: CashBookRow) -> list[Cell]:
    figures: list[Cell] = list(row.figures) if row.figures else [None] * 7
    names: list[Cell] = [row.institution, row.site, row.department, row.place, row.tender, row.currency]
    return [*names, *figures, row.now]
