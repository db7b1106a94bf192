"""Refunds: asking for one, the list, one refund and each person's step."""

import secrets
from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from billing.queries import settled_by
from cashiering.commands import (
    approve_refund,
    approve_refund_in_place,
    ask_card_refund,
    call_terminal,
    cancel_refund,
    fail_refund,
    pay_refund,
    query_terminal,
    reject_refund,
    release_refund,
    request_refund,
    send_refund,
)
from cashiering.commands.refund_decision import needs_finance
from cashiering.models import Payment, Refund, TerminalRequest
from cashiering.queries.payment import payment_shown
from cashiering.queries.refund import cash_given_out, refundable_of, refunds_of
from cashiering.queries.session import session_of
from cashiering.screens.pay_form import typed_money
from cashiering.screens.payment import payment_of
from cashiering.screens.second_person import agreed_in
from cashiering.screens.till_total import till_totals
from hms_ach.access.commands import DeskCodeWrong
from hms_ach.access.queries import facility_ids_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_one_of, asked_page, page, scoped_or_404, screen
from ledger.queries import document_entries


@screen("cashiering.request_refund", methods=("GET", "POST"))
def addition(request: Request, public_id: str) -> HttpResponse:
    """Ask for a part of a payment to go back the way it came."""
    payment = payment_of(request, public_id)
    key, refusal = request.POST.get("key", "")[:80] or f"rfd_{secrets.token_hex(16)}", ""
    if request.method == "POST":
        try:
            refund = request_refund(
                payment=payment, key=key, actor=request.user, **_asked(payment, request.POST)
            )
            return redirect("cashiering:refund-detail", public_id=refund.public_id)
        except Refusal as refused:
            refusal = str(refused)
    tenders, parts = _tenders(payment), _parts(payment)
    context = {
        "payment": payment_shown(payment),
        "tenders": tenders,
        "parts": parts,
        "typed": request.POST,
        "amount": request.POST.get("amount", _most(tenders, parts)),
        "key": key,
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/refund/form.html", context=context, status=status)


def _tenders(payment: Payment) -> list[dict[str, Any]]:
    """The tenders that something can still go back by, with how much."""
    rows = payment.tenders.exclude(kind="ACCOUNT").order_by("line")
    return [
        {"row": row, "left": Money(row.refundable_minor, row.currency)}
        for row in rows
        if row.refundable_minor > 0
    ]


def _parts(payment: Payment) -> list[dict[str, Any]]:
    """What the money can come off: each invoice that it pays, and what is on account."""
    numbers = {one.invoice_id: one.number for one in settled_by(payment.public_id)}
    return [
        {"key": key or 0, "name": numbers.get(key, "On account") if key else "On account", "left": left}
        for key, left in refundable_of(payment).by_invoice.items()
    ]


def _most(tenders: list[dict[str, Any]], parts: list[dict[str, Any]]) -> str:
    """The most that can go back, where there is one way and one thing that it comes off; else nothing."""
    is_plain = len(tenders) == len(parts) == 1
    return str(min(tenders[0]["left"], parts[0]["left"])) if is_plain else ""


def _asked(payment: Payment, typed: Any) -> dict[str, Any]:
    """The arguments of request_refund. Raises MoneyMalformed or PresenceUnsaid."""
    if typed.get("present") not in ("yes", "no"):
        raise PresenceUnsaid()
    tender, part = typed.get("tender", ""), typed.get("part", "")
    amount = typed_money(typed.get("amount", ""), payment.currency)
    chosen = {int(part) or None: amount} if part.isdecimal() else None
    return {
        "tender": int(tender) if tender.isdecimal() else None,
        "amount": amount,
        "parts": chosen,
        "reason": typed.get("reason", "")[:200],
        "is_patient_present": typed["present"] == "yes",
    }


class PresenceUnsaid(Refusal):
    code = "presence_unsaid"
    status = 422
    sentence = "Say whether the patient is here. Who is not here gets nothing back by one person alone."


@screen("cashiering.view_refund")
def refund_list(request: Request) -> HttpResponse:
    """Refunds of the person's facilities, newest first."""
    state = asked_one_of(request, "state", Refund.State.values)
    rows = refunds_of(facility_ids_of(request.user))
    if state:
        rows = rows.filter(state=state)
    context = {
        "totals": till_totals(request.user, rows, {"Total": "amount_minor"}),
        "page": Paginator(rows, 50).get_page(asked_page(request)),
        "state": state,
        "states": Refund.State.choices,
    }
    return page(
        request, full="cashiering/refund/list.html", fragment="cashiering/refund/_table.html", context=context
    )


@screen("cashiering.view_refund")
def refund_detail(request: Request, public_id: str) -> HttpResponse:
    """One refund, where it stands, and the steps that are this person's."""
    refund = _refund(request, public_id)
    context = {
        "refund": refund,
        "parts": refund.parts.select_related("invoice").order_by("id"),
        "given_out": cash_given_out(refund),
        "steps": _steps(request, refund),
        "needs_finance": refund.state == "REQUESTED" and needs_finance(refund, request.user),
        "entries": document_entries(("refund", public_id), ("refund_payout", public_id)),
        "asked": TerminalRequest.objects.filter(key=f"refund:{refund.public_id}").first(),
    }
    return page(request, full="cashiering/refund/detail.html", context=context)


def _refund(request: Request, public_id: str) -> Refund:
    return scoped_or_404(refunds_of(facility_ids_of(request.user)), request, public_id=public_id)


def _steps(request: Request, refund: Refund) -> frozenset[str]:
    """What this person may do next; the commands have the last word."""
    user, state = request.user, refund.state
    is_requester, is_approver = refund.requested_by_id == user.pk, refund.approved_by_id == user.pk
    at_desk = refund.tender.kind == "CASH" or (refund.tender.kind == "CARD" and refund.payment.session_id)
    possible = {
        "approval": state == "REQUESTED"
        and not is_requester
        and refund.payment.taken_by_id != user.pk
        and not needs_finance(refund, user),
        "agreement": state == "REQUESTED" and at_desk,
        "rejection": state == "REQUESTED" and not is_requester,
        "cancellation": state in Refund.PENDING,
        "payout": state == "APPROVED" and at_desk and not is_approver,
        "release": state in ("APPROVED", "FAILED") and not at_desk and not (is_requester or is_approver),
        "sending": state == "RELEASED" and not (is_requester or is_approver),
        "failure": state == "SENT" and not at_desk,
    }
    may = {step: user.has_perm(f"cashiering.{permission}") for step, (permission, _act) in _ACTS.items()}
    may["cancellation"] = may["cancellation"] or (is_requester and state == "REQUESTED")
    return frozenset(step for step, is_next in possible.items() if is_next and may[step])


def _agree(request: Request, refund: Refund) -> None:
    """Another person agrees at the cashier's screen, who then gives the money out."""
    session, agreed = session_of(request.user), agreed_in(request)
    if session is None:
        raise NoDrawer()
    if agreed is None:
        raise DeskCodeWrong()
    approve_refund_in_place(refund=refund, session=session, agreed=agreed, actor=request.user)


def _pay_out(request: Request, refund: Refund) -> None:
    """Out of the person's own drawer, or to the card at the terminal beside it."""
    session = session_of(request.user)
    if session is None:
        raise NoDrawer()
    asked = None
    if refund.tender.kind == "CARD" and session.register.terminal_address:
        asked = ask_card_refund(refund=refund, session=session, actor=request.user)
        asked = call_terminal(asked) if asked.state == "ASKED" else query_terminal(asked)
        if asked.state != TerminalRequest.State.APPROVED:
            raise TerminalDidNotPay(message=asked.message or "no answer")
    pay_refund(refund=refund, session=session, actor=request.user, terminal=asked)


class NoDrawer(Refusal):
    code = "no_drawer"
    sentence = "You have no open session to give the money out of. Open one first."


class TerminalDidNotPay(Refusal):
    code = "terminal_did_not_pay"
    sentence = "The terminal has not paid the card: {message}. Nothing is booked; ask it again."


# step: (permission, what it does with the request and the refund)
_ACTS: dict[str, tuple[str, Callable[[Request, Refund], object]]] = {
    "approval": ("approve_refund", lambda ask, one: approve_refund(refund=one, actor=ask.user)),
    "agreement": ("pay_refund", _agree),
    "rejection": (
        "approve_refund",
        lambda ask, one: reject_refund(refund=one, reason=_reason(ask), actor=ask.user),
    ),
    "cancellation": (
        "approve_refund",
        lambda ask, one: cancel_refund(refund=one, reason=_reason(ask), actor=ask.user),
    ),
    "payout": ("pay_refund", _pay_out),
    "release": ("release_refund", lambda ask, one: release_refund(refund=one, actor=ask.user)),
    "sending": (
        "release_refund",
        lambda ask, one: send_refund(
            refund=one, reference=ask.POST.get("reference", "")[:60], actor=ask.user
        ),
    ),
    "failure": (
        "release_refund",
        lambda ask, one: fail_refund(refund=one, reason=_reason(ask), actor=ask.user),
    ),
}


def _reason(request: Request) -> str:
    return request.POST.get("reason", "")[:200]


@screen("cashiering.view_refund", methods=("POST",))
def step(request: Request, public_id: str, name: str) -> HttpResponse:
    """Take one step of a refund; the permission is the step's own."""
    refund = _refund(request, public_id)
    if name not in _ACTS:
        raise Http404
    permission, act = _ACTS[name]
    is_own_request = name == "cancellation" and refund.requested_by_id == request.user.pk
    if not (request.user.has_perm(f"cashiering.{permission}") or is_own_request):
        raise PermissionDenied
    try:
        act(request, refund)
        refund.refresh_from_db()
        messages.success(request, f"The refund is {refund.get_state_display().lower()}.")
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("cashiering:refund-detail", public_id=public_id)
