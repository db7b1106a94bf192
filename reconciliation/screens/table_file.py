"""A table as an answer: CSV, XLSX or PDF."""

from collections.abc import Callable
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from hms_ach.access.models import LegalEntity
from hms_ach.money import Money
from hms_ach.sheets import StatementTable, write_csv, write_xlsx
from hms_ach.web.pdf import pdf_of

FORMS = ("csv", "xlsx", "pdf")
MOST_ROWS = 100_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table_file(table: StatementTable, form: str, *, entity: LegalEntity | None) -> HttpResponseBase:
    """As a download of that form; 404 for another. entity: whose paper a PDF is printed on."""
    write = _WRITERS.get(form)
    if write is None:
        raise Http404
    response = write(table, entity)
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{form}"'
    return response


def _csv(table: StatementTable, entity: LegalEntity | None) -> HttpResponseBase:
    return StreamingHttpResponse(write_csv(table), content_type="text/csv; charset=utf-8")


def _xlsx(table: StatementTable, entity: LegalEntity | None) -> HttpResponseBase:
    file = SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115 the response closes it
    write_xlsx(table, file, most_rows=MOST_ROWS)
    file.seek(0)
    return FileResponse(file, content_type=_XLSX)


def _pdf(table: StatementTable, entity: LegalEntity | None) -> HttpResponseBase:
    figures = [column.is_figure for column in table.columns]
    rows = [list(zip(map(_printed, row), figures, strict=True)) for row in table.rows]
    context = {"table": table, "rows": rows, "facility": entity}
    return HttpResponse(pdf_of("print/statement.html", context), content_type="application/pdf")


def _printed(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%b} {cell.day}, {cell:%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%b} {cell.day}, {cell.year}"
    return f"{cell.decimal():,f}" if isinstance(cell, Money) else str(cell)


_WRITERS: dict[str, Callable[[StatementTable, LegalEntity | None], HttpResponseBase]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "pdf": _pdf,
}
