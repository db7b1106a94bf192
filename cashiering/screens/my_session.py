"""The cashier's own session: open, count the float, move cash, close blind."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import (
    commit_count,
    explain_variance,
    open_session,
    record_opening_count,
    resume_session,
    start_counting,
    suspend_session,
)
from cashiering.models import Register, Session
from cashiering.queries.cash_currency import rules_in_force
from cashiering.queries.expected_cash import foreign_currencies
from cashiering.queries.opening import is_opening_confirmed
from cashiering.queries.session import (
    cheques_of,
    last_session_of,
    movements_of,
    session_of,
    shift_at,
    slips_of,
)
from cashiering.queries.till_read import till_read
from cashiering.queries.transfer import transfers_of
from cashiering.screens.count_grid import (
    counted_in,
    foreign_counted_in,
    foreign_grids,
    foreign_left_in,
    grid_of,
    ticked_in,
)
from cashiering.screens.second_person import agreed_in
from hms_ach import clock
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, screen

_MAY = "cashiering.work_session"


@screen(_MAY)
def my_session(request: Request) -> HttpResponse:
    """Where the cashier's session stands, with the next step."""
    return _show(request)


# Refusals that the other person puts right, not the count.
_OF_THE_SECOND = ("opening_unconfirmed", "desk_code_wrong", "desk_code_locked")


def _show(request: Request, *, refusal: Refusal | str = "") -> HttpResponse:
    session = session_of(request.user)
    context: dict[str, Any] = {"session": session, "refusal": str(refusal), "has_errors": bool(refusal)}
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
        context["slips"] = slips_of(session)
        context["movements"] = movements_of(session)
        context["recount"] = session.state == Session.State.RECOUNT
        context["foreign"] = foreign_grids(_currencies(session), request.POST)
        is_opening = session.state == Session.State.OPENING
        context["needs_second"] = is_opening and is_opening_confirmed(session.facility_id)
        context["asks_second"] = getattr(refusal, "code", "") in _OF_THE_SECOND
        context["ticked_cheques"] = ticked_in(request.POST, "cheque")
        context["ticked_slips"] = ticked_in(request.POST, "slip")
        context["read"] = till_read(session)
        context["shift"] = shift_at(session, clock.now())
        pending = transfers_of([session.facility_id]).filter(state="OFFERED")
        context["pending"] = [one for one in pending if session.pk in (one.sender_id, one.receiver_id)]
    return page(request, full="cashiering/session/mine.html", context=context, status=422 if refusal else 200)


def _currencies(session: Session) -> list[str]:
    """What besides its own currency is counted: what may have been left in it, then what went through it."""
    if session.state == Session.State.OPENING:
        return [one for one in rules_in_force(session.facility_id) if one != session.currency]
    return foreign_currencies(session)


def _step(request: Request, act) -> HttpResponse:
    """Run one step of one's own session; a refusal shows the page again with what was typed."""
    session = session_of(request.user)
    if session is None:
        return redirect("cashiering:my-session")
    try:
        return act(session)
    except Refusal as refusal:
        return _show(request, refusal=refusal)


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
        record_opening_count(
            session=session,
            denominations=counted_in(request.POST, session.currency),
            foreign=foreign_left_in(request.POST, _currencies(session)),
            agreed=agreed_in(request),
            actor=request.user,
        )
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
def suspension(request: Request) -> HttpResponse:
    """Lock the drawer for a break."""

    def act(session: Session) -> HttpResponse:
        suspend_session(session=session, actor=request.user)
        return redirect("cashiering:my-session")

    return _step(request, act)


@screen(_MAY, methods=("POST",))
def resumption(request: Request) -> HttpResponse:
    """Take the session up again."""

    def act(session: Session) -> HttpResponse:
        resume_session(session=session, actor=request.user)
        return redirect("cashiering:register")

    return _step(request, act)


@screen(_MAY, methods=("POST",))
def count(request: Request) -> HttpResponse:
    """Commit the closing count, or the recount."""

    def act(session: Session) -> HttpResponse:
        result = commit_count(
            session=session,
            denominations=counted_in(request.POST, session.currency),
            foreign=foreign_counted_in(request.POST, foreign_currencies(session)),
            ticked_cheques=ticked_in(request.POST, "cheque"),
            ticked_slips=ticked_in(request.POST, "slip"),
            actor=request.user,
        )
        if result.needs_recount:
            messages.warning(
                request, "This count differs too much. Count once more; the first count is kept."
            )
            return redirect("cashiering:my-session")
        return redirect("cashiering:session-detail", public_id=session.public_id)

    return _step(request, act)


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
