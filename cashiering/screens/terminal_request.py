"""Finishing a card sale whose answer was lost, or whose payment was refused."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse

from cashiering.commands import query_terminal, rescue_card_sale
from cashiering.commands.rescue import RescueCardOnly
from cashiering.models import TerminalRequest
from cashiering.screens.pay import finish_card_sale
from cashiering.screens.pay_intent import answered, is_complete, payment_of
from cashiering.screens.terminal_void import void_at_terminal
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, scoped_or_404, screen


def _own_sale(request: Request, public_id: str) -> TerminalRequest:
    rows = TerminalRequest.objects.filter(session__cashier=request.user, kind="SALE")
    return get_object_or_404(rows.select_related("register", "asked_by"), public_id=public_id)


@screen("cashiering.take_payment", methods=("POST",))
def answer(request: Request, public_id: str) -> HttpResponse:
    """Ask the terminal what became of a sale, and book it when it was approved."""
    sale = query_terminal(_own_sale(request, public_id))
    if sale.state == TerminalRequest.State.DECLINED:
        messages.success(request, "The terminal did not charge the card. Take the payment again.")
        return redirect(f"{reverse('cashiering:register')}?patient={sale.intent['patient']}")
    if sale.state != TerminalRequest.State.APPROVED:
        messages.warning(request, "The terminal still does not answer. Look at its display, then ask again.")
    return finish_card_sale(request, sale)


@screen("cashiering.take_payment", methods=("POST",))
def voidance(request: Request, public_id: str) -> HttpResponse:
    """Void an approved sale at the terminal, when its payment is not to be."""
    try:
        undone = void_at_terminal(request, _own_sale(request, public_id))
    except Refusal as refusal:
        messages.error(request, str(refusal))
        return redirect("cashiering:register")
    if undone.state == TerminalRequest.State.APPROVED:
        messages.success(request, "The card sale is voided at the terminal.")
    else:
        messages.error(request, f"The card sale is not voided: {undone.message}. Try again.")
    return redirect("cashiering:register")


@screen("cashiering.settle_card_sale", methods=("POST",))
def settlement(request: Request, public_id: str) -> HttpResponse:
    """Settle the card sale of an ended session: ask, then book it or void it, for its cashier."""
    rows = TerminalRequest.objects.filter(session__facility_id__in=facility_ids_of(request.user), kind="SALE")
    rows = rows.exclude(session__cashier=request.user).select_related("register", "session", "asked_by")
    sale = scoped_or_404(rows, request, facility_path="session__facility", public_id=public_id)
    try:
        messages.success(request, _settled(request, sale))
    except Refusal as refusal:
        messages.error(request, f"{refusal} The card sale stands: void it at the terminal.")
    return redirect("cashiering:session-detail", public_id=sale.session.public_id)


def _settled(request: Request, sale: TerminalRequest) -> str:
    if request.POST.get("act") == "void":
        undone = void_at_terminal(request, sale)
        is_void = undone.state == TerminalRequest.State.APPROVED
        return (
            "The sale is voided at the terminal." if is_void else f"Not voided: {undone.message}. Try again."
        )
    sale = query_terminal(sale)
    if sale.state == TerminalRequest.State.DECLINED:
        return "The terminal did not charge the card. Nothing is open."
    if sale.state != TerminalRequest.State.APPROVED:
        return "The terminal still does not answer. Look at its display, then ask again."
    given = answered(sale.intent, sale=sale.public_id, currency=sale.currency)
    if not is_complete(sale.intent, given):
        raise RescueCardOnly()
    asked = payment_of(sale.intent, given, currency=sale.currency)
    payment = rescue_card_sale(sale=sale, asked=asked, actor=request.user)
    return f"Booked as receipt {payment.receipt_number} in a rescue session. Another person approves it."
