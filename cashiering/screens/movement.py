"""Cash of the own drawer besides payments: drops, paid-in, paid-out, openings without a sale."""

import secrets
from typing import BinaryIO, cast

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect

from cashiering.commands import offer_drop, record_movement
from cashiering.models import CashMovement, CashTransfer, Session
from cashiering.queries.expected_cash import foreign_currencies
from cashiering.queries.session import session_of
from cashiering.screens.pay_form import typed_money
from hms_ach import files
from hms_ach.files import StoredFile
from hms_ach.files.screens.stored_file import download_of
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, scoped_or_404, screen

SLIP_BYTES = 10 * 1024 * 1024
KINDS = [
    ("DROP", "Drop to the safe"),
    ("PAID_IN", "Paid in"),
    ("PAID_OUT", "Paid out"),
]


@screen("cashiering.work_session", methods=("GET", "POST"))
def movement(request: Request) -> HttpResponse:
    """A drop to the safe, a paid-in, a paid-out, or a drawer opened without a sale."""
    session = session_of(request.user)
    if session is None or session.state != Session.State.OPEN:
        return redirect("cashiering:my-session")
    refusal = ""
    if request.method == "POST":
        try:
            messages.success(request, _said(_record(request, session), session))
            return redirect("cashiering:register")
        except Refusal as refused:
            refusal = str(refused)
    typed = request.POST or request.GET
    context = {
        "session": session,
        "kinds": KINDS,
        "currencies": [session.currency, *foreign_currencies(session)],
        "typed": typed,
        "key": request.POST.get("key") or f"move_{secrets.token_hex(16)}",
        "refusal": refusal,
        "has_errors": bool(refusal),
    }
    status = 422 if refusal else 200
    return page(request, full="cashiering/session/movement.html", context=context, status=status)


def _record(request: Request, session: Session) -> CashMovement | CashTransfer:
    kind = request.POST.get("kind", "")
    typed, currency = request.POST.get("amount", ""), _currency(request, session)
    amount = Money.zero(session.currency) if kind == "NO_SALE" else typed_money(typed, currency)
    key = request.POST.get("key", "")[:60]
    if kind == "DROP":
        bag = request.POST.get("bag_number", "")[:40]
        return offer_drop(session=session, amount=amount, bag_number=bag, key=key, actor=request.user)
    reason = request.POST.get("reason", "")[:200]
    with transaction.atomic():
        return record_movement(
            session=session,
            kind=kind,
            amount=amount,
            reason=reason,
            key=key,
            actor=request.user,
            slip=_slip(request, session),
        )


def _slip(request: Request, session: Session) -> StoredFile | None:
    """The receipt that came with the form, kept; nothing of it stays when the movement is refused."""
    upload = request.FILES.get("slip")
    if upload is None:
        return None
    return files.store_evidence(
        cast(BinaryIO, upload),
        name=upload.name or "",
        kind="cash_slip",
        facility=session.facility,
        actor=request.user,
        limit_bytes=SLIP_BYTES,
    )


@screen("cashiering.view_session")
def slip(request: Request, public_id: str) -> HttpResponseBase:
    """The receipt of a paid-in or paid-out, as a download."""
    rows = CashMovement.objects.filter(slip__isnull=False).select_related("slip")
    found = scoped_or_404(rows, request, facility_path="session__facility", public_id=public_id)
    assert found.slip is not None
    return download_of(found.slip, actor=request.user)


def _currency(request: Request, session: Session) -> str:
    """What the amount is in: the drawer's own currency, or one whose notes went through it."""
    chosen = request.POST.get("currency", "")
    return chosen if chosen in foreign_currencies(session) else session.currency


def _said(made: CashMovement | CashTransfer, session: Session) -> str:
    amount = Money(made.amount_minor, made.currency or session.currency).in_words()
    if isinstance(made, CashTransfer):
        return (
            f"Bag {made.bag_number} with {amount} is offered. A colleague takes it to the safe and accepts."
        )
    if not made.amount_minor:
        return "The drawer was opened without a sale."
    return f"Recorded: {made.get_kind_display().lower()} of {amount}."
