"""Card batches: what the terminals took, and closing them."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import clear_card_difference, close_card_batch
from cashiering.gateways.terminal import TerminalSilent, terminal_at
from cashiering.models import CardBatch, Register
from cashiering.queries.card_batch import batch_lines, batch_sums, has_difference
from cashiering.queries.deposit import card_batches_of
from cashiering.screens.till_total import till_totals
from hms_ach import clock
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_page, page, scoped_or_404, screen
from hms_ach.web.names import names_of
from ledger.queries import balance_of


@screen("cashiering.view_card_batch")
def card_batch_list(request: Request) -> HttpResponse:
    """Batches of the person's facilities, newest first."""
    rows = card_batches_of(facility_ids_of(request.user))
    context = {
        "totals": till_totals(
            request.user, rows, {"Closed": "gross_minor", "Terminals say": "terminal_gross_minor"}
        ),
        "page": Paginator(rows, 50).get_page(asked_page(request)),
    }
    return page(
        request,
        full="cashiering/card_batch/list.html",
        fragment="cashiering/card_batch/_table.html",
        context=context,
    )


@screen("cashiering.view_card_batch")
def card_batch_detail(request: Request, public_id: str) -> HttpResponse:
    """One batch: its sales, what the terminal said, and what the acquirer still owes in the book."""
    rows = card_batches_of(facility_ids_of(request.user)).select_related(
        "facility__legal_entity", "agreement", "closed_by", "difference_by", "payout"
    )
    batch = scoped_or_404(rows, request, public_id=public_id)
    lines = batch_lines(batch)
    names = names_of(line.document for line in lines)
    context = {
        "batch": batch,
        "lines": [(line, names[line.document]) for line in lines],
        "sums": batch_sums(batch),
        "differs": batch.terminal_gross_minor not in (None, batch.gross_minor),
        "is_to_clear_up": has_difference(batch) and batch.closed_by_id != request.user.pk,
        "owed": balance_of(
            "card.clearing",
            legal_entity=batch.facility.legal_entity,
            facility=batch.facility,
            currency=batch.currency,
            reference=batch.public_id,
        ),
    }
    return page(request, full="cashiering/card_batch/detail.html", context=context)


@screen("cashiering.close_card_batch", methods=("POST",))
def closing(request: Request, public_id: str) -> HttpResponse:
    """Close a batch at its terminal, then here, with the terminal's own total beside ours."""
    batch = scoped_or_404(card_batches_of(facility_ids_of(request.user)), request, public_id=public_id)
    try:
        closed = close_card_batch(batch=batch, terminal_gross=_ask(batch), actor=request.user)
    except TerminalSilent:
        messages.error(request, "The terminal does not answer, so its batch is not closed. Try again.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    else:
        paid = f" The acquirer pays it by {clock.in_words(closed.expected_on)}." if closed.expected_on else ""
        messages.success(request, f"Batch {closed} is closed.{paid}")
    return redirect("cashiering:card-batch-list")


@screen("cashiering.clear_card_difference", methods=("POST",))
def difference(request: Request, public_id: str) -> HttpResponse:
    """Somebody else than who closed the batch says why its terminal counted otherwise."""
    batch = scoped_or_404(card_batches_of(facility_ids_of(request.user)), request, public_id=public_id)
    try:
        clear_card_difference(batch=batch, reason=request.POST.get("reason", "")[:200], actor=request.user)
        messages.success(request, f"The difference of batch {batch} is cleared up.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:card-batch-detail", public_id=public_id)


def _ask(batch: CardBatch):
    """The terminal's total; None for a batch without a terminal of ours."""
    register = Register.objects.filter(terminal_id=batch.terminal_id).exclude(terminal_address="").first()
    if register is None:
        return None
    terminal = terminal_at(register.terminal_address)
    return terminal.close_batch(number=batch.number, currency=batch.currency).gross
