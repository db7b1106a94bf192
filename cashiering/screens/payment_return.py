"""Transfers and card sales that were taken back: reported by one person, confirmed by another."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cashiering.commands import confirm_payment_return, reject_payment_return, report_payment_return
from cashiering.models import PaymentReturn
from cashiering.queries.payment import payment_shown
from cashiering.queries.payment_return import payment_returns_of
from cashiering.rules.payment_return import REASON_WORDS, REASONS, WORDS
from cashiering.screens.pay_form import typed_money
from cashiering.screens.payment import payment_of
from hms_ach import clock
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_back, asked_page, page, scoped_or_404, screen
from ledger.queries import document_entries

_FIELDS = ("tender", "amount", "reason", "note", "bank_reference", "returned_on")


class TenderNotChosen(Refusal):
    code = "tender_not_chosen"
    status = 422
    sentence = "Choose what was taken back, and give the bank's day as year, month and day."


@screen("cashiering.view_payment")
def payment_return_list(request: Request) -> HttpResponse:
    """What was taken back in the person's facilities, newest first."""
    rows = Paginator(payment_returns_of(facility_ids_of(request.user)), 50).get_page(asked_page(request))
    return page(request, full="cashiering/payment_return/list.html", context={"page": rows, "words": WORDS})


@screen("cashiering.return_payment", methods=("GET", "POST"))
def payment_return_report(request: Request, public_id: str) -> HttpResponse:
    """Report that something was taken back. What the bank's line says may stand in the address."""
    payment = payment_of(request, public_id)
    tenders = list(payment.tenders.filter(kind__in=REASONS).order_by("line"))
    said = request.POST if request.method == "POST" else request.GET
    typed = {name: said.get(name, "").strip()[:200] for name in _FIELDS}
    refusal = ""
    if request.method == "POST":
        try:
            found = _report(request, tenders, typed)
            messages.success(request, "Reported. Another person confirms it; nothing has moved yet.")
            reported = reverse("cashiering:payment-return", args=[found.public_id])
            return redirect(asked_back(request) or reported)
        except Refusal as refused:
            refusal = str(refused)
    kinds = {one.kind for one in tenders}
    context = {
        "payment": payment_shown(payment),
        "tenders": tenders,
        "reasons": {code: REASON_WORDS[code] for kind in REASONS if kind in kinds for code in REASONS[kind]},
        "typed": typed,
        "today": clock.today(payment.facility.timezone).isoformat(),
        "refusal": refusal,
        "has_errors": bool(refusal),
        "back": asked_back(request),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/payment_return/report.html", context=context, status=status)


def _report(request: Request, tenders: list, typed: dict[str, str]) -> PaymentReturn:
    chosen = next((one for one in tenders if str(one.pk) == typed["tender"]), None)
    on = clock.day_of(typed["returned_on"])
    if chosen is None or on is None:
        raise TenderNotChosen()
    return report_payment_return(
        tender=chosen,
        amount=typed_money(typed["amount"], chosen.currency) if typed["amount"] else None,
        reason=typed["reason"],
        note=typed["note"],
        bank_reference=typed["bank_reference"],
        returned_on=on,
        actor=request.user,
    )


@screen("cashiering.view_payment")
def payment_return(request: Request, public_id: str) -> HttpResponse:
    """One of them: what was taken back, who said so, and whether the bank has shown it."""
    found = _return(request, public_id)
    wins = list(found.wins.order_by("-id"))
    is_card = found.tender.kind == "CARD" and found.state == PaymentReturn.State.CONFIRMED
    context = {
        "found": found,
        "wins": wins,
        "may_be_won": is_card and all(win.state == "REJECTED" for win in wins),
        "what": WORDS[found.tender.kind],
        "is_reporter": found.reported_by_id == request.user.pk,
        "entries": document_entries(("payment_return", public_id)),
    }
    return page(request, full="cashiering/payment_return/detail.html", context=context)


@screen("cashiering.confirm_payment_return", methods=("POST",))
def payment_return_decision(request: Request, public_id: str) -> HttpResponse:
    """Confirm what another person reported, or say that it is not so."""
    found, verdict = _return(request, public_id), request.POST.get("verdict", "")
    try:
        if verdict == "confirm":
            confirm_payment_return(payment_return=found, actor=request.user)
            messages.success(request, "Confirmed. It is owed again, and the bank's line is awaited.")
        elif verdict == "reject":
            reject_payment_return(payment_return=found, actor=request.user)
            messages.success(request, "Noted: it was not taken back.")
        else:
            messages.error(request, "Choose what to do.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:payment-return", public_id=public_id)


def _return(request: Request, public_id: str) -> PaymentReturn:
    return scoped_or_404(payment_returns_of(facility_ids_of(request.user)), request, public_id=public_id)
