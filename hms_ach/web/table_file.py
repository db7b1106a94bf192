"""A table as a download: CSV, XLSX or PDF."""

from collections.abc import Callable
from datetime import date, datetime
from itertools import islice
from tempfile import SpooledTemporaryFile

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from hms_ach import clock
from hms_ach.access.models import Facility, LegalEntity
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.sheets import Cell, StatementTable, write_csv, write_xlsx
from hms_ach.web.pdf import pdf_of

FORMS = ("csv", "xlsx", "pdf")
MOST_SHEET_ROWS = 100_000
MOST_PRINTED_ROWS = 2_000
Whose = LegalEntity | Facility | None
_IN_MEMORY_BYTES = 4_000_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class StatementTooLong(Refusal):
    code = "statement_too_long"
    status = 422
    sentence = "This statement has more than {most} rows, too many for {form}. Take fewer days, or CSV."


def table_file(table: StatementTable, form: str, *, whose: Whose) -> HttpResponseBase:
    """The table as one of FORMS. whose: on whose paper a PDF is printed. Raises StatementTooLong."""
    response = _WRITERS[form](table, whose)
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{form}"'
    return response


def _csv(table: StatementTable, whose: Whose) -> HttpResponseBase:
    return StreamingHttpResponse(write_csv(table), content_type="text/csv; charset=utf-8")


def _xlsx(table: StatementTable, whose: Whose) -> HttpResponseBase:
    file = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 the response closes it
    if not write_xlsx(table, file, most_rows=MOST_SHEET_ROWS):
        raise StatementTooLong(most=MOST_SHEET_ROWS, form="a workbook")
    file.seek(0)
    return FileResponse(file, content_type=_XLSX)


def _pdf(table: StatementTable, whose: Whose) -> HttpResponseBase:
    rows = list(islice(table.rows, MOST_PRINTED_ROWS + 1))
    if len(rows) > MOST_PRINTED_ROWS:
        raise StatementTooLong(most=MOST_PRINTED_ROWS, form="paper")
    figures = [column.is_figure for column in table.columns]
    printed = [list(zip(map(_printed, row), figures, strict=True)) for row in rows]
    totals = list(zip(map(_printed, table.totals), figures, strict=True)) if table.totals else []
    context = {"table": table, "rows": printed, "totals": totals, "facility": whose}
    return HttpResponse(pdf_of("print/statement.html", context), content_type="application/pdf")


def _printed(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return clock.moment_in_words(cell)
    if isinstance(cell, date):
        return clock.in_words(cell).replace(" ", "\N{NO-BREAK SPACE}")
    return f"{cell.decimal():,f}" if isinstance(cell, Money) else str(cell)


_WRITERS: dict[str, Callable[[StatementTable, Whose], HttpResponseBase]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "pdf": _pdf,
}
