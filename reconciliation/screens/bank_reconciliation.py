"""An account's balance at the bank beside the one in the book, at the end of a day."""

from datetime import timedelta

from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase

from hms_ach import audit, clock
from hms_ach.access.queries import facility_ids_of
from hms_ach.web import Request, asked_day, page, scoped_or_404, screen
from hms_ach.web.table_file import FORMS, table_file
from reconciliation.models import BankAccount
from reconciliation.queries import BankReconciliation, bank_reconciliation
from reconciliation.queries.bank_reconciliation import MOST_SHOWN
from reconciliation.reports.bank_reconciliation import DEFINITION, bank_reconciliation_table


@screen("reconciliation.view_statement")
def reconciliation_page(request: Request, code: str) -> HttpResponse:
    """At the end of last month, or of the day asked for."""
    found = _found(request, code)
    shown = found.between[:MOST_SHOWN]
    context = {
        "found": found,
        "account": found.account,
        "between": shown,
        "hidden": len(found.between) - len(shown),
        "definition": DEFINITION,
        "forms": FORMS,
        "sees_book": request.user.has_perm("ledger.view_entry"),
    }
    return page(
        request,
        full="reconciliation/bank_reconciliation/page.html",
        fragment="reconciliation/bank_reconciliation/_tables.html",
        context=context,
    )


@screen("reconciliation.view_statement")
def reconciliation_file(request: Request, code: str, form: str) -> HttpResponseBase:
    """The same as a file, to be signed and kept with the close; who took it stays in the audit trail."""
    if form not in FORMS:
        raise Http404
    found = _found(request, code)
    table = bank_reconciliation_table(found, actor=request.user)
    response = table_file(table, form, whose=found.account.facility.legal_entity)
    audit.record(
        "reconciliation.export_bank_reconciliation",
        actor=request.user,
        subject=found.account,
        facility=found.account.facility,
        after={"on": found.on.isoformat(), "form": form, "agrees": found.agrees},
    )
    return response


def _found(request: Request, code: str) -> BankReconciliation:
    rows = BankAccount.objects.filter(facility_id__in=facility_ids_of(request.user))
    account = scoped_or_404(rows.select_related("facility__legal_entity"), request, code=code)
    today = clock.today(account.facility.timezone)
    return bank_reconciliation(
        account, on=asked_day(request, "day") or today.replace(day=1) - timedelta(days=1)
    )
