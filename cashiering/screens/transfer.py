"""Cash between people: offer it, hand the drawer over, accept or reject what is offered."""

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import (
    accept_handover,
    accept_transfer,
    offer_float,
    offer_handover,
    offer_top_up,
    reject_transfer,
    withdraw_transfer,
)
from cashiering.models import CashTransfer, Session
from cashiering.queries.expected_cash import foreign_currencies
from cashiering.queries.safe import safe_currencies
from cashiering.queries.session import cheques_of, session_of, slips_of
from cashiering.queries.transfer import (
    colleagues_of,
    next_cashiers,
    transfer_shown,
    transfers_of,
    waiting_for,
)
from cashiering.screens.count_grid import counted_in, foreign_counted_in, foreign_grids, grid_of, ticked_in
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, scoped_or_404, screen
from ledger.queries import document_entries

_MAY = "cashiering.accept_transfer"


@screen(_MAY)
def transfer_list(request: Request) -> HttpResponse:
    """What waits for this person, what they offered, and the newest decided ones."""
    facility_ids = facility_ids_of(request.user)
    context = {
        "incoming": waiting_for(request.user, facility_ids),
        "others": transfers_of(facility_ids)[:30],
        "session": session_of(request.user),
    }
    return page(request, full="cashiering/transfer/list.html", context=context)


@screen("cashiering.view_session")
def transfer_detail(request: Request, public_id: str) -> HttpResponse:
    """One transfer, with the receiver's count; who sees sessions sees what moved between them."""
    return _show(request, public_id)


def _show(request: Request, public_id: str, *, refusal: str = "") -> HttpResponse:
    transfer = _transfer(request, public_id)
    shown = transfer_shown(transfer, request.user)
    parts = list(transfer.parts.order_by("currency"))
    context = {
        "transfer": transfer,
        "shown": shown,
        "grid": grid_of(transfer.currency, request.POST or None),
        "parts": parts,
        "foreign": foreign_grids([part.currency for part in parts], request.POST or None),
        "currency": transfer.currency,
        "entries": document_entries(("cash_transfer", transfer.public_id)),
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/transfer/detail.html", context=context, status=status)


def _transfer(request: Request, public_id: str) -> CashTransfer:
    return scoped_or_404(transfers_of(facility_ids_of(request.user)), request, public_id=public_id)


def _decide(
    request: Request, public_id: str, act: Callable[[CashTransfer], object], said: str
) -> HttpResponse:
    transfer = _transfer(request, public_id)
    try:
        act(transfer)
    except Refusal as refusal:
        return _show(request, public_id, refusal=str(refusal))
    messages.success(request, said)
    if transfer.kind == CashTransfer.Kind.HANDOVER and "taken over" in said:
        return redirect("cashiering:register")
    return redirect("cashiering:transfer-list")


@screen(_MAY, methods=("POST",))
def acceptance(request: Request, public_id: str) -> HttpResponse:
    """Take the cash: only now it moves."""

    def act(transfer: CashTransfer) -> None:
        if transfer.kind == CashTransfer.Kind.DROP:  # a sealed bag is not opened
            accept_transfer(transfer=transfer, actor=request.user)
            return
        pieces = counted_in(request.POST, transfer.currency)
        if transfer.kind == CashTransfer.Kind.HANDOVER:
            currencies = list(transfer.parts.order_by("currency").values_list("currency", flat=True))
            foreign = foreign_counted_in(request.POST, currencies)
            accept_handover(transfer=transfer, denominations=pieces, foreign=foreign, actor=request.user)
        else:
            accept_transfer(transfer=transfer, denominations=pieces, actor=request.user)

    is_handover = _transfer(request, public_id).kind == CashTransfer.Kind.HANDOVER
    said = "The drawer is taken over. It is yours now." if is_handover else "Accepted. The cash has moved."
    return _decide(request, public_id, act, said)


@screen(_MAY, methods=("POST",))
def rejection(request: Request, public_id: str) -> HttpResponse:
    """Give the cash back: nothing moves."""

    def act(transfer: CashTransfer) -> None:
        reject_transfer(transfer=transfer, reason=request.POST.get("reason", "")[:200], actor=request.user)

    return _decide(request, public_id, act, "Rejected. The cash stays where it was.")


@screen(_MAY, methods=("POST",))
def withdrawal(request: Request, public_id: str) -> HttpResponse:
    """Take back what one offered."""

    def act(transfer: CashTransfer) -> None:
        withdraw_transfer(transfer=transfer, actor=request.user)

    return _decide(request, public_id, act, "Withdrawn. The cash stays where it was.")


@screen("cashiering.work_session", methods=("GET", "POST"))
def float_offer(request: Request) -> HttpResponse:
    """Offer notes and coins to a colleague's drawer."""
    session = session_of(request.user)
    if session is None or session.state != Session.State.OPEN:
        return redirect("cashiering:my-session")
    colleagues = colleagues_of(session)
    currencies = [session.currency, *foreign_currencies(session)]
    currency = _chosen(request, currencies)

    def act(key: str) -> object:
        chosen = next((one for one in colleagues if one.public_id == request.POST.get("to")), None)
        return offer_float(
            session=session,
            to=chosen.pk if chosen else 0,
            denominations=counted_in(request.POST, currency),
            currency=currency,
            key=key,
            actor=request.user,
        )

    context = {
        "title": "Float to a colleague",
        "nobody": "No colleague of this facility has an open drawer. Drop cash to the safe instead.",
        "said": "Nothing moves before your colleague counted and accepted it.",
        "currencies": currencies,
        "currency": currency,
        "people": [(one.public_id, f"{one.cashier.get_full_name()}, {one.register}") for one in colleagues],
        "session": session,
    }
    return _offer(request, context, act, "Offered. Your colleague counts it and accepts.")


@screen("cashiering.work_session", methods=("GET", "POST"))
def handover(request: Request) -> HttpResponse:
    """Count the drawer and offer it to the next cashier."""
    session = session_of(request.user)
    if session is None or session.state != Session.State.OPEN:
        return redirect("cashiering:my-session")
    people = next_cashiers(session)
    foreign = foreign_currencies(session)

    def act(key: str) -> object:
        chosen = next((one for one in people if str(one.pk) == request.POST.get("to")), request.user)
        return offer_handover(
            session=session,
            to=chosen,
            denominations=counted_in(request.POST, session.currency),
            foreign=foreign_counted_in(request.POST, foreign),
            ticked_cheques=ticked_in(request.POST, "cheque"),
            ticked_slips=ticked_in(request.POST, "slip"),
            key=key,
            actor=request.user,
        )

    context = {
        "title": "Hand the drawer over",
        "nobody": "Every cashier of this facility has a drawer already. Count and close this one instead.",
        "said": "Count everything in the drawer. It takes no money until the next cashier decides.",
        "people": [(str(one.pk), one.get_full_name()) for one in people],
        "cheques": cheques_of(session),
        "slips": slips_of(session),
        "session": session,
        "foreign": foreign_grids(foreign, request.POST or None),
    }
    return _offer(request, context, act, "Offered. The next cashier counts the drawer and takes it over.")


@screen("cashiering.top_up_drawer", methods=("GET", "POST"))
def top_up(request: Request, public_id: str) -> HttpResponse:
    """Bring cash from the safe to an open drawer."""
    rows = Session.objects.filter(facility_id__in=facility_ids_of(request.user))
    session = scoped_or_404(
        rows.select_related("register", "cashier", "facility"), request, public_id=public_id
    )

    currencies = safe_currencies(session.facility)
    currency = _chosen(request, currencies)

    def act(key: str) -> object:
        pieces = counted_in(request.POST, currency)
        return offer_top_up(
            session=session, denominations=pieces, currency=currency, key=key, actor=request.user
        )

    context = {
        "title": f"Bring cash to {session.register}",
        "said": f"{session.cashier.get_full_name()} counts it and accepts.",
        "people": [],
        "session": session,
        "currencies": currencies,
        "currency": currency,
    }
    return _offer(request, context, act, "Offered. The cashier counts it and accepts.")


def _chosen(request: Request, currencies: list[str]) -> str:
    """The currency that the page counts: the one asked for, else the drawer's own."""
    asked = request.POST.get("currency") or request.GET.get("currency", "")
    return asked if asked in currencies else currencies[0]


def _offer(
    request: Request, context: dict[str, Any], act: Callable[[str], object], done: str
) -> HttpResponse:
    """One page for everything that is offered: a count, perhaps a person, and what was refused."""
    refusal = ""
    if request.method == "POST":
        try:
            act(request.POST.get("key", "")[:60])
            messages.success(request, done)
            return redirect("cashiering:transfer-list")
        except Refusal as refused:
            refusal = str(refused)
    context.setdefault("currency", context["session"].currency)
    context |= {
        "grid": grid_of(context["currency"], request.POST or None),
        "key": request.POST.get("key") or f"trf_{secrets.token_hex(16)}",
        "chosen": request.POST.get("to", ""),
        "ticked_cheques": ticked_in(request.POST, "cheque"),
        "ticked_slips": ticked_in(request.POST, "slip"),
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/transfer/offer.html", context=context, status=status)
