"""Statements: list, detail, upload with a preview of what the file says."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hms_ach import files
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_one_of, asked_page, page, refuse_on_form, scoped_or_404, screen
from hms_ach.web.totals import totals_of
from reconciliation.commands import reconcile_account, take_in
from reconciliation.commands.receipt import UNKNOWN
from reconciliation.commands.statement import KIND, is_table
from reconciliation.models import BankAccount, Statement
from reconciliation.queries import account_by_code, accounts_of, lines_of, statement_matters, statements_of
from reconciliation.screens.queue import filter_of


class UploadForm(forms.Form):
    file = forms.FileField(
        label="The bank's file",
        help_text="camt, BAI2, MT940 or 942, OFX, CSV or XLSX, packed or not. Nothing is taken in yet.",
    )


@screen("reconciliation.view_statement")
def statement_list(request: Request) -> HttpResponse:
    """The statements of the person's facilities, the newest day first."""
    rows, accounts = statements_of(facility_ids_of(request.user)), accounts_of(facility_ids_of(request.user))
    account = asked_one_of(request, "account", [each.code for each in accounts])
    if account:
        rows = rows.filter(account__code=account)
    context = {
        "page": Paginator(rows, 50).get_page(asked_page(request)),
        "totals": totals_of(rows, {"Booked in all": "booked_minor"}),
        "accounts": accounts,
        "account": account,
    }
    return page(
        request,
        full="reconciliation/statement/list.html",
        fragment="reconciliation/statement/_table.html",
        context=context,
    )


@screen("reconciliation.view_statement")
def statement_detail(request: Request, public_id: str) -> HttpResponse:
    """One statement with its balances, findings and lines."""
    rows = Statement.objects.select_related("account", "account__facility", "file", "imported_by")
    row = scoped_or_404(rows, request, facility_path="account__facility_id", public_id=public_id)
    lines = Paginator(lines_of(row), 100).get_page(asked_page(request))
    matters = statement_matters([row.account_id], since=row.imported_at).filter(statement=row)
    context = {"row": row, "page": lines, "matters": matters}
    return page(request, full="reconciliation/statement/detail.html", context=context)


@screen("reconciliation.import_statement", methods=["GET", "POST"])
def statement_upload(request: Request) -> HttpResponse:
    """Keep a file and show what it says, before anything is taken in."""
    form = UploadForm(request.POST or None, request.FILES or None)
    status = 422 if form.errors else 200
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            stored = files.store(
                upload,
                name=upload.name,
                media_type="application/octet-stream",
                kind=KIND,
                facility=None,
                actor=request.user,
            )
            return redirect("reconciliation:statement-confirmation", stored.public_id)
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="file")
            status = refusal.status
    context = {"form": form}
    return page(request, full="reconciliation/statement/upload.html", context=context, status=status)


@screen("reconciliation.import_statement", methods=["GET", "POST"])
def statement_confirmation(request: Request, file_id: str) -> HttpResponse:
    """GET rehearses the import and shows its findings; POST does it."""
    try:
        stored = files.file_named(file_id)
    except Refusal:
        return redirect("reconciliation:statement-upload")
    if stored.kind != KIND or stored.created_by_id != request.user.pk:
        return redirect("reconciliation:statement-upload")
    context: dict[str, Any] = {
        "file": stored,
        "taken": None,
        "refusal": None,
        "findings": [],
        "accounts": accounts_of(facility_ids_of(request.user)),
        "account": request.GET.get("account", ""),
    }
    is_rehearsal = request.method == "GET"
    try:
        taken = take_in(
            stored,
            actor=request.user,
            facility_ids=facility_ids_of(request.user),
            table_of=_account_asked(request),
            is_rehearsal=is_rehearsal,
        )
        context |= {"taken": taken, "findings": taken.findings}
    except Refusal as refusal:
        findings = getattr(refusal, "findings", ())
        context |= {
            "refusal": refusal,
            "findings": findings,
            "is_table": is_table(stored),
            "is_of_others": any(each.field == UNKNOWN for each in findings),
        }
    if is_rehearsal or context["refusal"]:
        return page(
            request,
            full="reconciliation/statement/confirmation.html",
            context=context,
            status=200 if is_rehearsal else 422,
        )
    if taken.is_known:
        messages.info(request, "This file was here already. Nothing changed.")
    else:
        messages.success(request, "The file was taken in.")
    if not taken.statements:
        return redirect("reconciliation:account-detail", taken.reports[0].account.code)
    return redirect("reconciliation:statement-detail", taken.statements[0].public_id)


def _account_asked(request: Request) -> BankAccount | None:
    """Whose column profile reads a table; chosen where several have one."""
    code = request.GET.get("account", "")
    return account_by_code(code, facility_ids_of(request.user)) if code else None


@screen("reconciliation.reconcile_account", methods=["POST"])
def run(request: Request) -> HttpResponse:
    """Match every account of the person's facilities now, as the night would."""
    matched = opened = 0
    for account in accounts_of(facility_ids_of(request.user)):
        done = reconcile_account(account=account, actor=request.user)
        matched, opened = matched + done.matched, opened + done.opened
    messages.success(
        request, f"{matched} matched, {opened} discrepanc{'y' if opened == 1 else 'ies'} opened."
    )
    return redirect(f"{reverse('reconciliation:discrepancy-list')}?{filter_of(request)}")
