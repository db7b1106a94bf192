"""Cheques: where each is, and those that came back unpaid."""

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cashiering.commands import (
    confirm_cheque_return,
    lift_cheque_block,
    reject_cheque_return,
    report_cheque_return,
)
from cashiering.models import ChequeBlock, ChequeReturn
from cashiering.queries.cheque import cheque_place, cheques_found, returns_of
from cashiering.queries.payment import payment_shown
from cashiering.screens.payment import payment_of
from cashiering.screens.till_total import till_totals
from hms_ach import clock
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_back, asked_page, page, scoped_or_404, screen
from ledger.queries import document_entries


@screen("cashiering.view_payment")
def cheque_list(request: Request) -> HttpResponse:
    """Cheques of the person's facilities, newest first; all, or those that came back."""
    here, text = facility_ids_of(request.user), request.GET.get("q", "").strip()
    is_returned = bool(request.GET.get("returned"))
    number = asked_page(request)
    if is_returned:
        totals = till_totals(
            request.user, returns_of(here), {"Total": "tender__amount_minor"}, currency="tender__currency"
        )
        listed: Page = Paginator(returns_of(here), 50).get_page(number)
        rows: list = list(listed)
    else:
        totals = till_totals(request.user, cheques_found(here, text), {"Total": "amount_minor"})
        listed = Paginator(cheques_found(here, text), 50).get_page(number)
        rows = [(row, cheque_place(row)) for row in listed]
    context = {
        "totals": totals,
        "page": listed,
        "rows": rows,
        "is_returned": is_returned,
        "q": text,
    }
    return page(
        request, full="cashiering/cheque/list.html", fragment="cashiering/cheque/_table.html", context=context
    )


@screen("cashiering.return_cheque", methods=("GET", "POST"))
def report(request: Request, public_id: str) -> HttpResponse:
    """Report that a cheque of a payment came back. What the bank's line says may stand in the address."""
    payment = payment_of(request, public_id)
    cheques = list(payment.tenders.filter(kind="CHEQUE").order_by("line"))
    said = request.POST if request.method == "POST" else request.GET
    typed = {name: said.get(name, "").strip()[:200] for name in _FIELDS}
    refusal = ""
    if request.method == "POST":
        try:
            found = _report(request, cheques, typed)
            messages.success(request, "Reported. Another person confirms it; nothing has moved yet.")
            reported = reverse("cashiering:cheque-return", args=[found.public_id])
            return redirect(asked_back(request) or reported)
        except Refusal as refused:
            refusal = str(refused)
    context = {
        "payment": payment_shown(payment),
        "cheques": cheques,
        "reasons": ChequeReturn.Reason.choices,
        "typed": typed,
        "today": clock.today(payment.facility.timezone).isoformat(),
        "refusal": refusal,
        "has_errors": bool(refusal),
        "back": asked_back(request),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/cheque/report.html", context=context, status=status)


_FIELDS = ("cheque", "reason", "note", "bank_reference", "returned_on")


class ChequeNotChosen(Refusal):
    code = "cheque_not_chosen"
    status = 422
    sentence = "Choose the cheque, and give the bank's day as year, month and day."


def _report(request: Request, cheques: list, typed: dict[str, str]) -> ChequeReturn:
    chosen = next((one for one in cheques if str(one.pk) == typed["cheque"]), None)
    on = clock.day_of(typed["returned_on"])
    if chosen is None or on is None:
        raise ChequeNotChosen()
    return report_cheque_return(
        tender=chosen,
        reason=typed["reason"],
        note=typed["note"][:200],
        bank_reference=typed["bank_reference"],
        returned_on=on,
        actor=request.user,
    )


@screen("cashiering.view_payment")
def cheque_return(request: Request, public_id: str) -> HttpResponse:
    """One cheque that came back, its fee and the block it set."""
    found = _return(request, public_id)
    context = {
        "found": found,
        "barred": ChequeBlock.objects.filter(cheque_return=found).select_related("lifted_by").first(),
        "is_reporter": found.reported_by_id == request.user.pk,
        "entries": document_entries(("payment_return", public_id)),
    }
    return page(request, full="cashiering/cheque/return.html", context=context)


def _return(request: Request, public_id: str) -> ChequeReturn:
    return scoped_or_404(returns_of(facility_ids_of(request.user)), request, public_id=public_id)


@screen("cashiering.confirm_cheque_return", methods=("POST",))
def confirmation(request: Request, public_id: str) -> HttpResponse:
    """Confirm what another person reported."""
    try:
        confirm_cheque_return(cheque_return=_return(request, public_id), actor=request.user)
        messages.success(request, "Confirmed. What the cheque paid is owed again.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:cheque-return", public_id=public_id)


@screen("cashiering.confirm_cheque_return", methods=("POST",))
def rejection(request: Request, public_id: str) -> HttpResponse:
    """The cheque did not come back after all."""
    try:
        reject_cheque_return(cheque_return=_return(request, public_id), actor=request.user)
        messages.success(request, "Noted: the cheque did not come back.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:cheque-return", public_id=public_id)


@screen("cashiering.lift_cheque_block", methods=("POST",))
def lifting(request: Request, public_id: str) -> HttpResponse:
    """Take cheques of the patient again."""
    rows = ChequeBlock.objects.select_related("cheque_return")
    block = scoped_or_404(rows, request, facility_path="cheque_return__facility", public_id=public_id)
    try:
        lift_cheque_block(block=block, reason=request.POST.get("reason", "")[:200], actor=request.user)
        messages.success(request, "Cheques of this patient are taken again.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:cheque-return", public_id=block.cheque_return.public_id)
