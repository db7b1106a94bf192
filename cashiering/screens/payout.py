"""Card payouts: what processors report that they pay, beside our batches and the bank."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import accept_payout, check_payout, take_payout_report, withdraw_payout
from cashiering.models import Payout
from cashiering.queries.payout import payouts_of
from cashiering.screens.advice import UploadForm
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_one_of, asked_page, page, refuse_on_form, scoped_or_404, screen
from ledger.queries import document_entries

_SAID = {
    "DIFFERS": "Checked. Something still differs.",
    "AWAITED": "It agrees now, and the bank is expected to show its net.",
    "KNOWN": "The bank had paid all of it already.",
    "PAID": "It agrees now; it comes to nothing, so that the bank shows nothing.",
}


@screen("cashiering.view_card_batch")
def payout_list(request: Request) -> HttpResponse:
    """The payouts of the person's facilities, the newest first."""
    rows = payouts_of(facility_ids_of(request.user))
    state = asked_one_of(request, "state", Payout.State.values)
    if state:
        rows = rows.filter(state=state)
    context = {
        "page": Paginator(rows, 50).get_page(asked_page(request)),
        "states": Payout.State.choices,
        "state": state,
    }
    return page(request, full="cashiering/payout/list.html", context=context)


@screen("cashiering.view_card_batch")
def payout_detail(request: Request, public_id: str) -> HttpResponse:
    """One payout: each row of the report, ours beside it, and what the bank showed."""
    found = _payout(request, public_id)
    rows = list(found.rows.select_related("card_batch").order_by("line"))
    context = {
        "payout": found,
        "page": Paginator(rows, 100).get_page(asked_page(request)),
        "problems": sum(1 for row in rows if row.problem),
        "fee_over_minor": sum(row.fee_over_minor for row in rows),
        "is_recorder": found.recorded_by_id == request.user.pk,
        "entries": document_entries(("payout", public_id)),
    }
    return page(request, full="cashiering/payout/detail.html", context=context)


@screen("cashiering.take_payout_report", methods=("GET", "POST"))
def payout_upload(request: Request) -> HttpResponse:
    """Take in a processor's report: all of it, or nothing."""
    form = UploadForm(request.POST or None, request.FILES or None, facility_ids_of(request.user))
    form.fields[
        "file"
    ].help_text = "A CSV with payout, day, merchant, gross, fee and net: docs/formats/payout.md has all."
    context: dict[str, Any] = {"form": form, "findings": ()}
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            taken = take_payout_report(
                content=file, name=file.name, facility=form.cleaned_data["facility"], actor=request.user
            )
        except Refusal as refusal:
            refuse_on_form(form, refusal, field="file")
            context["findings"] = getattr(refusal, "findings", ())
        else:
            new = len(taken.payouts) - taken.known
            differ = sum(1 for each in taken.payouts if each.state == Payout.State.DIFFERS)
            messages.success(request, f"{new} payouts taken in; {taken.known} were here before.")
            if differ:
                messages.warning(request, f"{differ} do not agree with ours: look at them.")
            return redirect("cashiering:payout-list")
    status = 422 if form.errors else 200
    return page(request, full="cashiering/payout/upload.html", context=context, status=status)


@screen("cashiering.check_payout", methods=("POST",))
def payout_check(request: Request, public_id: str) -> HttpResponse:
    """Compare it once more, after something was put right."""
    return _do(request, public_id, lambda found: _SAID[check_payout(payout=found, actor=request.user).state])


@screen("cashiering.accept_payout", methods=("POST",))
def payout_acceptance(request: Request, public_id: str) -> HttpResponse:
    """Another person accepts the fees beyond the contract."""

    def accept(found: Payout) -> str:
        accept_payout(payout=found, reason=request.POST.get("reason", ""), actor=request.user)
        return "Accepted. The bank is expected to show its net."

    return _do(request, public_id, accept)


@screen("cashiering.withdraw_payout", methods=("POST",))
def payout_withdrawal(request: Request, public_id: str) -> HttpResponse:
    """The report was wrong."""

    def withdraw(found: Payout) -> str:
        withdraw_payout(payout=found, reason=request.POST.get("reason", ""), actor=request.user)
        return "Withdrawn. Its batches are awaited by themselves again."

    return _do(request, public_id, withdraw)


def _do(request: Request, public_id: str, act) -> HttpResponse:
    try:
        messages.success(request, act(_payout(request, public_id)))
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:payout-detail", public_id=public_id)


def _payout(request: Request, public_id: str) -> Payout:
    return scoped_or_404(payouts_of(facility_ids_of(request.user)), request, public_id=public_id)
