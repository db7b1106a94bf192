"""Everybody's sessions, for those who approve them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import approve_session, approve_variance, audit_till, count_forced, force_close
from cashiering.models import Session
from cashiering.queries.expected_cash import foreign_currencies
from cashiering.queries.session import (
    approval_bar,
    cheques_of,
    movements_of,
    session_result,
    sessions_of,
    slips_of,
    unfinished_sale,
    variances_of,
)
from cashiering.queries.till_audit import audits_shown, overdrawn_steps
from cashiering.queries.till_read import till_read
from cashiering.screens.count_grid import counted_in, foreign_counted_in, foreign_grids, grid_of, ticked_in
from hms_ach.access.queries import facility_ids_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_one_of, asked_page, page, scoped_or_404, screen
from ledger.queries import document_entries

_WAITING = (Session.State.VARIANCE_PENDING, Session.State.BALANCED)


@screen("cashiering.view_session")
def session_list(request: Request) -> HttpResponse:
    """Sessions of the person's facilities, newest first."""
    state = asked_one_of(request, "state", Session.State.values)
    rows = sessions_of(facility_ids_of(request.user))
    if state:
        rows = rows.filter(state=state)
    context = {
        "page": Paginator(rows, 50).get_page(asked_page(request)),
        "state": state,
        "states": Session.State.choices,
    }
    return page(
        request,
        full="cashiering/session/list.html",
        fragment="cashiering/session/_table.html",
        context=context,
    )


@screen("cashiering.view_session")
def session_detail(request: Request, public_id: str) -> HttpResponse:
    """One session. What it should hold appears only after its count is committed."""
    return _show(request, _session(request, public_id))


def _show(request: Request, session: Session, *, refusal: str = "") -> HttpResponse:
    """The session's page; after a refusal with all that was typed and ticked."""
    typed = request.POST if refusal else None
    variances = variances_of(session)
    context: dict[str, Any] = {
        "session": session,
        "result": session_result(session),
        "variances": variances,
        "is_unexplained": any(one.state == "UNEXPLAINED" for one in variances),
        "movements": movements_of(session),
        "counts": session.counts.select_related("counted_by").order_by("id"),
        "bar": approval_bar(session, request.user) if session.state in _WAITING else "",
        "is_own": session.cashier_id == request.user.pk,
        "is_running": session.state in Session.IN_CUSTODY,
        "refusal": refusal,
        "has_errors": bool(refusal),
        "typed": typed or {},
        "ticked_cheques": ticked_in(request.POST, "cheque"),
        "ticked_slips": ticked_in(request.POST, "slip"),
        "grid": grid_of(session.currency, typed),
        "foreign": foreign_grids(foreign_currencies(session), typed) if session.counted_minor is None else [],
        "read": till_read(session),
        "overdrawn": overdrawn_steps(session) if session.counted_minor is not None else [],
        "audits": audits_shown(session, request.user),
        "sale": unfinished_sale(session),
        "may_be_audited": session.state in ("OPEN", "SUSPENDED") and session.cashier_id != request.user.pk,
        "entries": document_entries(*_sources(session)) if request.user.has_perm("ledger.view_entry") else [],
        "unticked": [cheque for cheque in cheques_of(session) if cheque.ticked_at is None],
        "slips": [slip for slip in slips_of(session) if slip.ticked_at is None],
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/session/detail.html", context=context, status=status)


def _sources(session: Session) -> list[tuple[str, str]]:
    """What of the session is in the book besides its receipts: movements, transfers, differences, its end."""
    movements = session.movements.select_related("transfer").order_by("id")
    own = [
        ("cash_transfer", each.transfer.public_id) if each.transfer else ("cash_movement", each.public_id)
        for each in movements
    ]
    differences = [("over_short", each.public_id) for each in session.over_shorts.order_by("id")]
    return [*own, *differences, ("session", session.public_id)]


def _session(request: Request, public_id: str) -> Session:
    return scoped_or_404(sessions_of(facility_ids_of(request.user)), request, public_id=public_id)


def _act(request: Request, public_id: str, act: Callable[[Session], object], done: str) -> HttpResponse:
    """Run one decision on a session and go back to it; a refusal keeps what was typed."""
    session = _session(request, public_id)
    try:
        act(session)
    except Refusal as refusal:
        return _show(request, _session(request, public_id), refusal=str(refusal))
    messages.success(request, done)
    return redirect("cashiering:session-detail", public_id=public_id)


@screen("cashiering.approve_session", methods=("POST",))
def approval(request: Request, public_id: str) -> HttpResponse:
    """Approve a counted session."""

    def act(session: Session) -> None:
        approve_session(
            session=session,
            actor=request.user,
            found_cheques=ticked_in(request.POST, "cheque"),
            found_slips=ticked_in(request.POST, "slip"),
        )

    return _act(request, public_id, act, "Approved. The cash is in the safe.")


@screen("cashiering.approve_variance", methods=("POST",))
def variance_approval(request: Request, public_id: str) -> HttpResponse:
    """Approve a drawer's difference."""

    def act(session: Session) -> None:
        approve_variance(session=session, reason=request.POST.get("reason", "")[:200], actor=request.user)

    return _act(request, public_id, act, "The difference is approved and booked.")


@screen("cashiering.force_close", methods=("POST",))
def forced_close(request: Request, public_id: str) -> HttpResponse:
    """Close a forgotten session; its count stays unknown."""

    def act(session: Session) -> None:
        force_close(session=session, reason=request.POST.get("reason", "")[:200], actor=request.user)

    return _act(request, public_id, act, "Closed. The drawer is not counted yet.")


@screen("cashiering.force_close", methods=("POST",))
def forced_count(request: Request, public_id: str) -> HttpResponse:
    """Count a drawer that was left behind."""

    def act(session: Session) -> None:
        pieces = counted_in(request.POST, session.currency)
        count_forced(
            session=session,
            denominations=pieces,
            foreign=foreign_counted_in(request.POST, foreign_currencies(session)),
            actor=request.user,
            ticked_cheques=ticked_in(request.POST, "cheque"),
            ticked_slips=ticked_in(request.POST, "slip"),
        )

    return _act(request, public_id, act, "Counted. Another person approves the session.")


@screen("cashiering.audit_till", methods=("POST",))
def till_audit(request: Request, public_id: str) -> HttpResponse:
    """Count an open drawer by surprise; the session goes on."""

    def act(session: Session) -> None:
        pieces = counted_in(request.POST, session.currency)
        audit_till(
            session=session,
            denominations=pieces,
            foreign=foreign_counted_in(request.POST, foreign_currencies(session)),
            remarks=request.POST.get("remarks", "")[:200],
            actor=request.user,
        )

    return _act(request, public_id, act, "Audited. The session goes on.")
