"""The queue of discrepancies as a file: CSV, XLSX or PDF, under the filter of its page."""

from django.http import Http404
from django.http.response import HttpResponseBase

from hms_ach import audit
from hms_ach.access.queries import facilities_of
from hms_ach.web import Request, screen
from hms_ach.web.table_file import FORMS, table_file
from reconciliation.reports.discrepancies import discrepancy_table
from reconciliation.screens.queue import asked_for, filter_of


@screen("reconciliation.view_discrepancy")
def discrepancy_report(request: Request, form: str) -> HttpResponseBase:
    """Who took it stays in the audit trail."""
    if form not in FORMS:
        raise Http404
    narrowed = filter_of(request)
    facilities = facilities_of(request.user)
    table = discrepancy_table(facilities, reader=request.user, asked=asked_for(request), narrowed=narrowed)
    response = table_file(table, form, whose=facilities[0].legal_entity if facilities else None)
    audit.record(
        "reconciliation.export_discrepancies",
        actor=request.user,
        subject="discrepancies",
        after={"form": form, "narrowed": narrowed},
    )
    return response
