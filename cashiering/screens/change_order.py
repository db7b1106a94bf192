"""Change orders: a cashier asks the safe for small money, somebody else brings it."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect

from cashiering.commands import ask_change, cancel_change, fill_change
from cashiering.models import ChangeOrder, Session
from cashiering.queries.session import session_of
from cashiering.queries.transfer import change_orders_of
from cashiering.rules.denominations import faces_of
from cashiering.screens.count_grid import counted_in, grid_of
from hms_ach.access.queries import facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, scoped_or_404, screen


@screen("cashiering.work_session", methods=("GET", "POST"))
def request_page(request: Request) -> HttpResponse:
    """Which notes and coins the drawer needs, and what was asked before."""
    session = session_of(request.user)
    if session is None or session.state != Session.State.OPEN:
        return redirect("cashiering:my-session")
    refusal = ""
    if request.method == "POST":
        try:
            pieces = counted_in(request.POST, session.currency)
            ask_change(session=session, wanted=pieces, actor=request.user)
            messages.success(request, "Asked. Somebody brings the change from the safe.")
            return redirect("cashiering:change-order")
        except Refusal as refused:
            refusal = str(refused)
    context = {
        "session": session,
        "orders": change_orders_of([session.facility_id]).filter(session=session),
        "grid": grid_of(session.currency, request.POST or None),
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/change_order/request.html", context=context, status=status)


@screen("cashiering.fill_change", methods=("GET", "POST"))
def filling(request: Request, public_id: str) -> HttpResponse:
    """Bring the change, and count what the drawer gives for it."""
    order = _order(request, public_id)
    refusal = ""
    if request.method == "POST":
        try:
            given = counted_in(request.POST, order.currency)
            fill_change(order=order, given=given, actor=request.user)
            messages.success(request, "Filled. The drawer and the safe hold what they held before.")
            return redirect("cashiering:control-room")
        except Refusal as refused:
            refusal = str(refused)
    faces = [str(face) for face in faces_of(order.currency)]
    context = {
        "order": order,
        "currency": order.currency,
        "wanted": [
            (Money(int(face), order.currency), order.wanted[face]) for face in faces if face in order.wanted
        ],
        "grid": grid_of(order.currency, request.POST or None),
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/change_order/filling.html", context=context, status=status)


@screen("cashiering.work_session", methods=("POST",))
def cancellation(request: Request, public_id: str) -> HttpResponse:
    """Do without the change after all."""
    try:
        cancel_change(order=_order(request, public_id), actor=request.user)
        messages.success(request, "Cancelled.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:change-order")


def _order(request: Request, public_id: str) -> ChangeOrder:
    rows = change_orders_of(facility_ids_of(request.user))
    return scoped_or_404(rows, request, facility_path="session__facility", public_id=public_id)
