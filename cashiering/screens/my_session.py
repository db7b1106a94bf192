"""The cashier's own session: open, count the float, move cash, close blind."""

import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import (
    commit_count,
    explain_variance,
    open_session,
    record_movement,
    record_opening_count,
    start_counting,
)
from cashiering.models import CashMovement, Register, Session
from cashiering.queries.session import cheques_of, last_session_of, movements_of, session_of
from cashiering.screens.count_grid import counted_in, grid_of
from cashiering.screens.pay_form import typed_money
from hms_ach.access.models import User
from hms_ach.access.queries import facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, screen
from hms_ach.web.templatetags.hms import in_words

_MAY = "cashiering.work_session"


@screen(_MAY)
def my_session(request: Request) -> HttpResponse:
    """Where the cashier's session stands, with the next step."""
    return _show(request)


def _show(request: Request, *, refusal: str = "") -> HttpResponse:
    session = session_of(request.user)
    context: dict[str, Any] = {"session": session, "refusal": refusal, "has_errors": bool(refusal)}
    if session is None:
        busy = Session.objects.filter(counted_minor__isnull=True).values("register_id")
        registers = Register.objects.filter(facility_id__in=facility_ids_of(request.user), is_active=True)
        context["registers"] = (
            registers.exclude(pk__in=busy).select_related("facility").order_by("code", "id")
        )
        context["last"] = last_session_of(request.user)
    else:
        context["grid"] = grid_of(session.currency, request.POST)
        context["cheques"] = cheques_of(session)
        context["movements"] = movements_of(session)
        context["recount"] = session.state == Session.State.RECOUNT
    return page(request, full="cashiering/session/mine.html", context=context, status=422 if refusal else 200)


def _step(request: Request, act) -> HttpResponse:
    """Run one step of one's own session; a refusal shows the page again with what was typed."""
    session = session_of(request.user)
    if session is None:
        return redirect("cashiering:my-session")
    try:
        return act(session)
    except Refusal as refusal:
        return _show(request, refusal=str(refusal))


@screen(_MAY, methods=("POST",))
def opening(request: Request) -> HttpResponse:
    """Open a session at a register of one's facilities."""
    chosen = request.POST.get("register", "")
    rows = Register.objects.filter(facility_id__in=facility_ids_of(request.user), public_id=chosen)
    register = rows.first()
    if register is None:
        return _show(request, refusal="Choose a register.")
    try:
        open_session(register=register, actor=request.user)
    except Refusal as refusal:
        return _show(request, refusal=str(refusal))
    return redirect("cashiering:my-session")


@screen(_MAY, methods=("POST",))
def opening_count(request: Request) -> HttpResponse:
    """Commit the count of the float; the register is ready."""

    def act(session: Session) -> HttpResponse:
        pieces = counted_in(request.POST, session.currency)
        record_opening_count(session=session, denominations=pieces, actor=request.user)
        return redirect("cashiering:register")

    return _step(request, act)


@screen(_MAY, methods=("POST",))
def counting(request: Request) -> HttpResponse:
    """Stop taking money and count."""

    def act(session: Session) -> HttpResponse:
        start_counting(session=session, actor=request.user)
        return redirect("cashiering:my-session")

    return _step(request, act)


@screen(_MAY, methods=("POST",))
def count(request: Request) -> HttpResponse:
    """Commit the closing count, or the recount."""

    def act(session: Session) -> HttpResponse:
        ticked = [int(pk) for pk in request.POST.getlist("cheque") if pk.isdecimal()]
        result = commit_count(
            session=session,
            denominations=counted_in(request.POST, session.currency),
            ticked_cheques=ticked,
            actor=request.user,
        )
        if result.needs_recount:
            messages.warning(
                request, "This count differs too much. Count once more; the first count is kept."
            )
            return redirect("cashiering:my-session")
        return redirect("cashiering:session-detail", public_id=session.public_id)

    return _step(request, act)


@screen(_MAY, methods=("GET", "POST"))
def movement(request: Request) -> HttpResponse:
    """A paid-in, a paid-out, a drop to the safe, or a drawer opened without a sale."""
    session = session_of(request.user)
    if session is None or session.state != Session.State.OPEN:
        return redirect("cashiering:my-session")
    refusal = ""
    if request.method == "POST":
        try:
            made = _record(request, session)
            amount = in_words(Money(made.amount_minor, session.currency))
            said = f"Recorded: {made.get_kind_display().lower()} of {amount}."
            messages.success(request, said if made.amount_minor else "The drawer was opened without a sale.")
            return redirect("cashiering:register")
        except Refusal as refused:
            refusal = str(refused)
    witnesses = User.objects.filter(kind="PERSON", is_active=True).exclude(pk=request.user.pk)
    facility_ids = frozenset([session.facility_id])
    context = {
        "session": session,
        "kinds": [kind for kind in CashMovement.Kind.choices if kind[0] != "FLOAT_IN"],
        "typed": request.POST,
        "key": request.POST.get("key") or f"move_{secrets.token_hex(16)}",
        "witnesses": [one for one in witnesses.order_by("name", "id") if facility_ids & facility_ids_of(one)],
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/session/movement.html", context=context, status=status)


def _record(request: Request, session: Session) -> CashMovement:
    kind = request.POST.get("kind", "")
    typed = request.POST.get("amount", "")
    amount = Money.zero(session.currency) if kind == "NO_SALE" else typed_money(typed, session.currency)
    witness = request.POST.get("witness", "")
    people = User.objects.filter(pk=witness) if witness.isdecimal() else User.objects.none()
    return record_movement(
        session=session,
        kind=kind,
        amount=amount,
        reason=request.POST.get("reason", "")[:200],
        bag_number=request.POST.get("bag_number", "")[:40],
        witness=people.first(),
        key=request.POST.get("key", "")[:60],
        actor=request.user,
    )


@screen(_MAY, methods=("POST",))
def explanation(request: Request, public_id: str) -> HttpResponse:
    """The cashier's reason for a difference."""
    session = Session.objects.filter(public_id=public_id, cashier=request.user).first()
    if session is None:
        return redirect("cashiering:my-session")
    try:
        explain_variance(session=session, reason=request.POST.get("reason", "")[:200], actor=request.user)
        messages.success(request, "The reason is sent. Another person approves the difference now.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:session-detail", public_id=public_id)
