"""Voiding a card sale at its terminal, from whichever screen."""

from cashiering.commands import ask_card_void, call_terminal, query_terminal
from cashiering.models import Payment, TerminalRequest
from hms_ach.web import Request


def void_at_terminal(
    request: Request, sale: TerminalRequest, payment: Payment | None = None
) -> TerminalRequest:
    """Void a sale at its terminal, with the payment it belongs to if any, or learn of an earlier try."""
    undone = ask_card_void(sale=sale, actor=request.user, payment=payment)
    if undone.state == TerminalRequest.State.ASKED:
        return call_terminal(undone)
    return query_terminal(undone)


def void_cards_of(request: Request, payment: Payment) -> None:
    """Void a payment's card sales at their terminal before the payment itself."""
    sales = TerminalRequest.objects.filter(tender__payment=payment).select_related("register", "asked_by")
    for sale in sales.order_by("id"):
        undone = void_at_terminal(request, sale, payment)
        if undone.state == TerminalRequest.State.UNKNOWN:
            query_terminal(undone)
