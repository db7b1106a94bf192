"""An account's balance at the bank beside the one in the book, at the end of a day, and who signed it."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse

from hms_ach import audit, clock
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_day, page, scoped_or_404, screen
from hms_ach.web.asked import is_in_our_time
from hms_ach.web.table_file import FORMS, table_file
from reconciliation.commands import prepare_bank_reconciliation, review_bank_reconciliation
from reconciliation.models import BankAccount, PreparedReconciliation
from reconciliation.queries import BankReconciliation, bank_reconciliation, reconciliations_prepared
from reconciliation.queries.bank_reconciliation import MOST_SHOWN
from reconciliation.reports.bank_reconciliation import DEFINITION, bank_reconciliation_table


@screen("reconciliation.view_statement")
def reconciliation_page(request: Request, code: str) -> HttpResponse:
    """At the end of last month, or of the day asked for."""
    found = _found(request, code)
    shown = found.between[:MOST_SHOWN]
    prepared = reconciliations_prepared(found)
    context = {
        "found": found,
        "account": found.account,
        "between": shown,
        "hidden": len(found.between) - len(shown),
        "definition": DEFINITION,
        "forms": FORMS,
        "prepared": prepared,
        "differs": next((changes for row, changes in prepared if hasattr(row, "review")), []),
        "is_over": found.on < clock.today(found.account.facility.timezone),
        "place": found.account.facility,
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
    """The same as a file, with who signed it, to be kept with the close; the audit trail has who took it."""
    if form not in FORMS:
        raise Http404
    found = _found(request, code)
    table = bank_reconciliation_table(found, reconciliations_prepared(found), actor=request.user)
    response = table_file(table, form, whose=found.account.facility.legal_entity)
    audit.record(
        "reconciliation.export_bank_reconciliation",
        actor=request.user,
        subject=found.account,
        facility=found.account.facility,
        after={"on": found.on.isoformat(), "form": form, "agrees": found.agrees},
    )
    return response


@screen("reconciliation.prepare_bank_reconciliation", methods=["POST"])
def reconciliation_preparation(request: Request, code: str) -> HttpResponse:
    """Keep the figures of the day as they stand, for another person to sign."""
    account, day = _account(request, code), clock.day_of(request.POST.get("day", ""))
    if day is None or not is_in_our_time(day):
        raise Http404
    try:
        prepare_bank_reconciliation(account_id=account.pk, as_of=day, note=_note(request), actor=request.user)
        messages.success(request, "Prepared. Another person reviews and signs it.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(account, day))


@screen("reconciliation.view_statement")
def prepared_reconciliation(request: Request, public_id: str) -> HttpResponse:
    """To the page of its account and day."""
    prepared = _prepared(request, public_id)
    return redirect(_address(prepared.account, prepared.as_of))


@screen("reconciliation.review_bank_reconciliation", methods=["POST"])
def reconciliation_review(request: Request, public_id: str) -> HttpResponse:
    """Sign what somebody else prepared."""
    prepared = _prepared(request, public_id)
    try:
        review_bank_reconciliation(prepared_id=prepared.pk, note=_note(request), actor=request.user)
        messages.success(request, "Reviewed and signed.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect(_address(prepared.account, prepared.as_of))


def _prepared(request: Request, public_id: str) -> PreparedReconciliation:
    rows = PreparedReconciliation.objects.select_related("account")
    return scoped_or_404(rows, request, facility_path="account__facility_id", public_id=public_id)


def _note(request: Request) -> str:
    return request.POST.get("note", "").strip()[:500]


def _address(account: BankAccount, day: date) -> str:
    return f"{reverse('reconciliation:bank-reconciliation', args=[account.code])}?day={day.isoformat()}"


def _account(request: Request, code: str) -> BankAccount:
    rows = BankAccount.objects.filter(facility_id__in=facility_ids_of(request.user))
    return scoped_or_404(rows.select_related("facility__legal_entity"), request, code=code)


def _found(request: Request, code: str) -> BankReconciliation:
    account = _account(request, code)
    today = clock.today(account.facility.timezone)
    return bank_reconciliation(
        account, on=asked_day(request, "day") or today.replace(day=1) - timedelta(days=1)
    )
