"""What all statements of the book say of themselves, and how they are printed."""

from collections.abc import Sequence
from datetime import date, datetime
from itertools import islice
from zoneinfo import ZoneInfo

from hms_ach import clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.sheets import Cell, StatementTable
from hms_ach.web.pdf import pdf_of
from ledger.queries import Scope
from ledger.rules.definitions import DEFINITIONS

MOST_PRINTED_ROWS = 2_000
MOST_SHEET_ROWS = 100_000


class StatementTooLong(Refusal):
    code = "statement_too_long"
    status = 422
    sentence = "This statement has more than {most} rows, too many for {form}. Take fewer days, or CSV."


def facts_of(
    statement: str,
    scope: Scope,
    *,
    actor: User,
    more: Sequence[tuple[str, str]] = (),
    book: Sequence[tuple[str, str]] = (),
    days: str = "",
) -> tuple[tuple[str, str], ...]:
    """What was asked, when and by whom it was produced, and what its figures are.

    more  what this statement was narrowed by besides entity, facilities, days and moment
    book  whose figures they are, where that is not the scope's entity and facilities
    days  of which they are, in words, where that is not the scope's days
    """
    now = clock.now().astimezone(ZoneInfo(scope.timezone))
    return (
        *(book or _own_book(scope)),
        ("Days", days or days_in_words(scope.since, scope.until)),
        ("As known at", _moment(scope.known_at) if scope.known_at else "now"),
        *([("Closing entry of the year", "left out")] if scope.before_closing else []),
        *more,
        ("Produced", _moment(now)),
        ("Produced by", f"{actor.get_full_name()} ({actor.get_username()})"),
        ("Definition", DEFINITIONS[statement].text),
    )


def _own_book(scope: Scope) -> list[tuple[str, str]]:
    return [
        ("Legal entity", f"{scope.legal_entity.code} {scope.legal_entity.name}"),
        ("Facilities", ", ".join(facility.code for facility in scope.facilities)),
    ]


def file_name(statement: str, scope: Scope, *more: str) -> str:
    return "-".join([statement, scope.legal_entity.code, *more, scope.until.isoformat()])


def moment_at(moment: datetime, place: Facility) -> datetime:
    """The moment on the facility's clock."""
    return moment.astimezone(ZoneInfo(place.timezone))


def days_in_words(since: date | None, until: date) -> str:
    """ "Nov 1, 2026 to Nov 26, 2026"; from the beginning on without a first day."""
    end = day_in_words(until)
    return f"{day_in_words(since)} to {end}" if since else f"up to and with {end}"


def day_in_words(day: date) -> str:
    return f"{day:%b} {day.day}, {day.year}"


def write_pdf(table: StatementTable, scope: Scope) -> bytes:
    """The statement on paper. Raises StatementTooLong beyond MOST_PRINTED_ROWS."""
    rows = list(islice(table.rows, MOST_PRINTED_ROWS + 1))
    if len(rows) > MOST_PRINTED_ROWS:
        raise StatementTooLong(most=MOST_PRINTED_ROWS, form="paper")
    figures = [column.is_figure for column in table.columns]
    printed = [list(zip(map(_printed, row), figures, strict=True)) for row in rows]
    totals = list(zip(map(_printed, table.totals), figures, strict=True)) if table.totals else []
    context = {"table": table, "rows": printed, "totals": totals, "facility": scope.legal_entity}
    return pdf_of("print/statement.html", context)


def _printed(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return _moment(cell)
    if isinstance(cell, date):
        return day_in_words(cell).replace(" ", "\N{NO-BREAK SPACE}")
    return f"{cell.decimal():,f}" if isinstance(cell, Money) else str(cell)


def _moment(moment: datetime) -> str:
    return f"{day_in_words(moment.date())} {moment:%H:%M %Z}".strip()
