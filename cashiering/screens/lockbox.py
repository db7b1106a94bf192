"""Lockboxes: what banks took out of them, which invoices it paid, and what nobody could place."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import take_lockbox_file
from cashiering.queries.lockbox import lockbox_deposits_of
from cashiering.screens.advice import UploadForm
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, refuse_on_form, scoped_or_404, screen
from ledger.queries import document_entries


@screen("cashiering.view_advice")
def lockbox_list(request: Request) -> HttpResponse:
    """The deposits of the person's facilities, the newest first."""
    rows = Paginator(lockbox_deposits_of(facility_ids_of(request.user)), 50).get_page(request.GET.get("page"))
    return page(request, full="cashiering/lockbox/list.html", context={"page": rows})


@screen("cashiering.view_advice")
def lockbox_detail(request: Request, public_id: str) -> HttpResponse:
    """One deposit: each cheque with its receipt, or with why it lies in suspense."""
    rows = lockbox_deposits_of(facility_ids_of(request.user)).select_related("recorded_by")
    row = scoped_or_404(rows, request, public_id=public_id)
    cheques = row.cheques.select_related("payment").order_by("batch", "item")
    context = {
        "row": row,
        "page": Paginator(cheques, 100).get_page(request.GET.get("page")),
        "entries": document_entries(("lockbox_deposit", public_id)),
    }
    return page(request, full="cashiering/lockbox/detail.html", context=context)


@screen("cashiering.take_lockbox_file", methods=("GET", "POST"))
def lockbox_upload(request: Request) -> HttpResponse:
    """Take in a bank's lockbox file: all of it, or nothing."""
    form = UploadForm(request.POST or None, request.FILES or None, facility_ids_of(request.user))
    form.fields["file"].help_text = "A BAI lockbox file, as the bank sends it for each deposit."
    context: dict[str, Any] = {"form": form, "findings": ()}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = take_lockbox_file(
                content=file, name=file.name, facility=form.cleaned_data["facility"], actor=request.user
            )
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="file")
            context["findings"] = getattr(refusal, "findings", ())
        else:
            new = len(taken.deposits) - taken.known
            messages.success(request, f"{new} deposits taken in; {taken.known} were here before.")
            for finding in taken.findings[:5]:
                messages.warning(request, f"Line {finding.line}: {finding.value} {finding.problem}.")
            return redirect("cashiering:lockbox-list")
    status = 422 if form.errors else 200
    return page(request, full="cashiering/lockbox/upload.html", context=context, status=status)
