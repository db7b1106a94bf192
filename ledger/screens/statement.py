"""Statements as files: CSV, XLSX and PDF, each with its filter, moment, person and definition."""

from collections.abc import Callable

from django.http import Http404
from django.http.response import HttpResponseBase

from hms_ach.sheets import StatementTable
from hms_ach.web import Request, screen
from hms_ach.web.table_file import FORMS, table_file
from ledger.commands import export_statement
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
    if build is None or form not in FORMS:
        raise Http404
    table = build(request)
    scope = StatementFilter(request).scope_or_refuse()
    response = table_file(table, form, whose=scope.legal_entity)
    asked = {name: ", ".join(values) for name, values in request.GET.lists() if any(values)}
    export_statement(
        legal_entity=scope.legal_entity, statement=statement, form=form, asked=asked, actor=request.user
    )
    return response
