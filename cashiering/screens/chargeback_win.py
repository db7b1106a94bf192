"""Chargebacks that were won: reported from the chargeback by one person, confirmed by another."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from cashiering.commands import confirm_chargeback_win, reject_chargeback_win, report_chargeback_win
from cashiering.models import ChargebackWin
from cashiering.queries.payment_return import payment_returns_of, wins_of
from cashiering.screens.pay_form import typed_money
from hms_ach import clock
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_back, page, scoped_or_404, screen
from ledger.queries import document_entries

_FIELDS = ("amount", "won_on", "bank_reference", "note")


class DayMissing(Refusal):
    code = "day_missing"
    status = 422
    sentence = "Give the processor's day as year, month and day."


@screen("cashiering.report_chargeback_win", methods=("GET", "POST"))
def chargeback_win_report(request: Request, public_id: str) -> HttpResponse:
    """Report that a chargeback was won. What the bank's line says may stand in the address."""
    taken = scoped_or_404(payment_returns_of(facility_ids_of(request.user)), request, public_id=public_id)
    said = request.POST if request.method == "POST" else request.GET
    typed = {name: said.get(name, "").strip()[:200] for name in _FIELDS}
    refusal = ""
    if request.method == "POST":
        try:
            on = clock.day_of(typed["won_on"])
            if on is None:
                raise DayMissing()
            amount = typed_money(typed["amount"], taken.currency) if typed["amount"] else None
            found = report_chargeback_win(
                chargeback=taken,
                won_on=on,
                amount=amount,
                note=typed["note"],
                bank_reference=typed["bank_reference"],
                actor=request.user,
            )
            messages.success(request, "Reported. Another person confirms it; nothing has moved yet.")
            reported = reverse("cashiering:chargeback-win", args=[found.public_id])
            return redirect(asked_back(request) or reported)
        except Refusal as refused:
            refusal = str(refused)
    context = {
        "taken": taken,
        "typed": typed,
        "today": clock.today(taken.facility.timezone).isoformat(),
        "refusal": refusal,
        "has_errors": bool(refusal),
        "back": asked_back(request),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/chargeback_win/report.html", context=context, status=status)


@screen("cashiering.view_payment")
def chargeback_win(request: Request, public_id: str) -> HttpResponse:
    """One of them: how much, who said so, and whether the bank has shown it."""
    found = _win(request, public_id)
    context = {
        "found": found,
        "is_reporter": found.reported_by_id == request.user.pk,
        "entries": document_entries(("chargeback_win", public_id)),
    }
    return page(request, full="cashiering/chargeback_win/detail.html", context=context)


@screen("cashiering.confirm_chargeback_win", methods=("POST",))
def chargeback_win_decision(request: Request, public_id: str) -> HttpResponse:
    """Confirm what another person reported, or say that it is not so."""
    found, verdict = _win(request, public_id), request.POST.get("verdict", "")
    try:
        if verdict == "confirm":
            confirm_chargeback_win(win=found, actor=request.user)
            messages.success(request, "Confirmed. It is paid again, and the bank's line is awaited.")
        elif verdict == "reject":
            reject_chargeback_win(win=found, actor=request.user)
            messages.success(request, "Noted: it was not won.")
        else:
            messages.error(request, "Choose what to do.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:chargeback-win", public_id=public_id)


def _win(request: Request, public_id: str) -> ChargebackWin:
    return scoped_or_404(wins_of(facility_ids_of(request.user)), request, public_id=public_id)
