"""Finishing a card sale whose answer was lost, or whose payment was refused."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect

from cashiering.commands import ask_card_void, call_terminal, query_terminal
from cashiering.models import Payment, TerminalRequest
from cashiering.screens.register import finish_card_sale
from hms_ach.refusal import Refusal
from hms_ach.web import Request, screen


def _own_sale(request: Request, public_id: str) -> TerminalRequest:
    rows = TerminalRequest.objects.filter(session__cashier=request.user, kind="SALE")
    return get_object_or_404(rows.select_related("register", "asked_by"), public_id=public_id)


@screen("cashiering.take_payment", methods=("POST",))
def answer(request: Request, public_id: str) -> HttpResponse:
    """Ask the terminal what became of a sale, and book it when it was approved."""
    sale = query_terminal(_own_sale(request, public_id))
    if sale.state == TerminalRequest.State.DECLINED:
        messages.success(request, "The terminal did not charge the card. Take the payment again.")
    elif sale.state != TerminalRequest.State.APPROVED:
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


def void_at_terminal(
    request: Request, sale: TerminalRequest, payment: Payment | None = None
) -> TerminalRequest:
    """Void a sale at its terminal, with the payment it belongs to if any, or learn of an earlier try."""
    undone = ask_card_void(sale=sale, actor=request.user, payment=payment)
    if undone.state == TerminalRequest.State.ASKED:
        return call_terminal(undone)
    return query_terminal(undone)
