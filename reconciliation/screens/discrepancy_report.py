"""The queue of discrepancies as a file: CSV, XLSX or PDF, under the filter of its page."""

from collections.abc import Callable
from datetime import date, datetime
from tempfile import SpooledTemporaryFile
from typing import Any

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from hms_ach import audit
from hms_ach.access.queries import facilities_of
from hms_ach.money import Money
from hms_ach.sheets import StatementTable, write_csv, write_xlsx
from hms_ach.web import Request, screen
from hms_ach.web.pdf import pdf_of
from reconciliation.reports.discrepancies import discrepancy_table
from reconciliation.screens.queue import asked_for, filter_of

MOST_ROWS = 100_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@screen("reconciliation.view_discrepancy")
def discrepancy_report(request: Request, form: str) -> HttpResponseBase:
    """Who took it stays in the audit trail."""
    write = _WRITERS.get(form)
    if write is None:
        raise Http404
    narrowed = filter_of(request)
    facilities = facilities_of(request.user)
    table = discrepancy_table(facilities, reader=request.user, asked=asked_for(request), narrowed=narrowed)
    response = write(table, facilities)
    audit.record(
        "reconciliation.export_discrepancies",
        actor=request.user,
        subject="discrepancies",
        after={"form": form, "narrowed": narrowed},
    )
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{form}"'
    return response


def _csv(table: StatementTable, facilities: list) -> HttpResponseBase:
    return StreamingHttpResponse(write_csv(table), content_type="text/csv; charset=utf-8")


def _xlsx(table: StatementTable, facilities: list) -> HttpResponseBase:
    file = SpooledTemporaryFile(max_size=4_000_000)  # noqa: SIM115 the response closes it
    write_xlsx(table, file, most_rows=MOST_ROWS)
    file.seek(0)
    return FileResponse(file, content_type=_XLSX)


def _pdf(table: StatementTable, facilities: list) -> HttpResponseBase:
    figures = [column.is_figure for column in table.columns]
    rows = [list(zip(map(_printed, row), figures, strict=True)) for row in table.rows]
    context = {"table": table, "rows": rows, "facility": facilities[0].legal_entity if facilities else None}
    return HttpResponse(pdf_of("print/statement.html", context), content_type="application/pdf")


def _printed(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return f"{cell:%b} {cell.day}, {cell:%Y %H:%M}"
    if isinstance(cell, date):
        return f"{cell:%b} {cell.day}, {cell.year}"
    return f"{cell.decimal():,f}" if isinstance(cell, Money) else str(cell)


_WRITERS: dict[str, Callable[[StatementTable, list], HttpResponseBase]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "pdf": _pdf,
}
