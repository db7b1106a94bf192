"""Statements as files: CSV, XLSX and PDF, each with its filter, moment, person and definition."""

from collections.abc import Callable
from tempfile import SpooledTemporaryFile

from django.http import FileResponse, Http404, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from hms_ach.sheets import StatementTable, write_csv, write_xlsx
from hms_ach.web import Request, screen
from ledger.commands import export_statement
from ledger.reports.statement import MOST_SHEET_ROWS, StatementTooLong, write_pdf
from ledger.screens import (
    account,
    affiliate,
    chart,
    close,
    entry,
    exchange_rate,
    gl_batch,
    line,
    open_document,
    open_item,
    period,
    receivable,
    statistic,
    trial_balance,
)
from ledger.screens.filters import StatementFilter

_IN_MEMORY_BYTES = 4_000_000
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

# How each statement becomes rows, by its name in addresses.
TABLES: dict[str, Callable[[Request], StatementTable]] = {
    "trial-balance": trial_balance.table,
    "account": account.table,
    "journal": entry.table,
    "postings": line.table,
    "documents": open_document.table,
    "clearing": open_item.table,
    "receivables": receivable.table,
    "affiliates": affiliate.table,
    "gl-batches": gl_batch.table,
    "rates": exchange_rate.table,
    "periods": period.table,
    "chart": chart.table,
    "tie-outs": close.table,
    "statistics": statistic.table,
}


@screen("ledger.view_entry")
def statement_file(request: Request, statement: str, form: str) -> HttpResponseBase:
    """A statement under the filter of its page. Who took it stays in the audit trail."""
    build = TABLES.get(statement)
    write = _WRITERS.get(form)
    if build is None or write is None:
        raise Http404
    table = build(request)
    response = write(request, table)
    scope = StatementFilter(request).scope_or_refuse()
    asked = {name: ", ".join(values) for name, values in request.GET.lists() if any(values)}
    export_statement(
        legal_entity=scope.legal_entity, statement=statement, form=form, asked=asked, actor=request.user
    )
    response["Content-Disposition"] = f'attachment; filename="{table.name}.{form}"'
    return response


def _csv(request: Request, table: StatementTable) -> HttpResponseBase:
    return StreamingHttpResponse(write_csv(table), content_type="text/csv; charset=utf-8")


def _xlsx(request: Request, table: StatementTable) -> HttpResponseBase:
    file = SpooledTemporaryFile(max_size=_IN_MEMORY_BYTES)  # noqa: SIM115 the response closes it
    if not write_xlsx(table, file, most_rows=MOST_SHEET_ROWS):
        raise StatementTooLong(most=MOST_SHEET_ROWS, form="a workbook")
    file.seek(0)
    return FileResponse(file, content_type=_XLSX)


def _pdf(request: Request, table: StatementTable) -> HttpResponseBase:
    content = write_pdf(table, StatementFilter(request).scope_or_refuse())
    return HttpResponse(content, content_type="application/pdf")


_WRITERS: dict[str, Callable[[Request, StatementTable], HttpResponseBase]] = {
    "csv": _csv,
    "xlsx": _xlsx,
    "pdf": _pdf,
}
