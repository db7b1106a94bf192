"""Card sales at the terminal beside the drawer.

The request is committed before the terminal is called, and the answer in a transaction of its own:
no network inside a transaction, and whatever happens, what was asked is on record. No answer means
UNKNOWN: ask again with query_terminal; a sale is never sent twice.
"""

from typing import Any

from django.db import transaction

from cashiering.commands.allowed_tender import refuse_not_here
from cashiering.commands.locks import lock_open_session, lock_refund, lock_session, lock_terminal_request
from cashiering.commands.refund import refuse_payout
from cashiering.commands.refund_request import card_request_of
from cashiering.commands.shift import refuse_long_shift
from cashiering.gateways.terminal import Answer, Terminal, TerminalSilent, terminal_at
from cashiering.models import Payment, Refund, Session, Tender, TerminalRequest
from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class TerminalMissing(Refusal):
    code = "terminal_missing"
    sentence = "Register {register} has no card terminal. Take another tender."


class CardAmountMalformed(Refusal):
    code = "card_amount_malformed"
    status = 422
    sentence = "{amount} cannot be charged to a card. Charge more than zero."


class CardSaleBooked(Refusal):
    code = "card_sale_booked"
    sentence = "This card sale is booked as receipt {receipt}. Void that payment; the card follows."


@transaction.atomic
def ask_card_sale(
    *, session: Session | int, amount: Money, intent: dict[str, Any], key: str, actor: User
) -> TerminalRequest:
    """Put a card sale on record, ready to be sent. The same key again gives the same request.

    intent  the payment this sale is a tender of, so that it can be finished after a silence

    Raises NotYourSession, SessionNotOpen, TerminalMissing, TenderNotAtRegister, ShiftTooLong or
    CardAmountMalformed.
    """
    session = lock_open_session(session, actor=actor)
    known = TerminalRequest.objects.filter(key=key, session=session).first()
    if known is not None:
        return known
    if not session.register.terminal_address:
        raise TerminalMissing(register=session.register.code)
    refuse_not_here(session, ["CARD"])
    refuse_long_shift(session)
    if amount.minor <= 0:
        raise CardAmountMalformed(amount=amount)
    return _record(session, kind="SALE", amount=amount, key=key, intent=intent, actor=actor)


@transaction.atomic
def ask_card_void(*, sale: TerminalRequest, actor: User, payment: Payment | None = None) -> TerminalRequest:
    """Put the void of a sale on record, once. One that the terminal declined may be sent again.

    payment  the payment that is to be voided with it; None for a sale that was never booked

    Raises CardSaleBooked for a sale that stands behind another payment.
    """
    session = lock_session(sale.session_id)
    booked = Tender.objects.filter(terminal_request=sale).select_related("payment").first()
    if booked is not None and (payment is None or booked.payment_id != payment.pk):
        raise CardSaleBooked(receipt=booked.payment.receipt_number)
    key = f"void:{sale.public_id}"
    known = TerminalRequest.objects.filter(key=key).first()
    if known is not None and known.state == TerminalRequest.State.DECLINED:
        known.state, known.answered_at, known.message = TerminalRequest.State.ASKED, None, ""
        known.save(update_fields=["state", "answered_at", "message"])
    if known is not None:
        return known
    amount = Money(sale.amount_minor, sale.currency)
    return _record(session, kind="VOID", amount=amount, key=key, intent={"sale": sale.public_id}, actor=actor)


@transaction.atomic
def ask_card_refund(*, refund: Refund, session: Session | int, actor: User) -> TerminalRequest:
    """Put the refund of a card on record, once. One that the terminal declined may be sent again.

    Raises TerminalMissing, or whatever pay_refund would refuse: a card that has its money keeps it.
    """
    refund = lock_refund(refund, also=session)
    session = lock_open_session(session, actor=actor)
    if not session.register.terminal_address:
        raise TerminalMissing(register=session.register.code)
    known = card_request_of(refund).first()
    if known is not None and known.state != TerminalRequest.State.DECLINED:
        return known
    refuse_payout(refund, session, actor)
    if known is not None:
        known.state, known.answered_at, known.message = TerminalRequest.State.ASKED, None, ""
        known.save(update_fields=["state", "answered_at", "message"])
        return known
    amount = Money(refund.amount_minor, refund.currency)
    sale = refund.tender.terminal_request
    intent = {"refund": refund.public_id, "sale": sale.public_id if sale else ""}
    key = f"refund:{refund.public_id}"
    return _record(session, kind="REFUND", amount=amount, key=key, intent=intent, actor=actor)


def _record(
    session: Session, *, kind: str, amount: Money, key: str, intent: dict[str, Any], actor: User
) -> TerminalRequest:
    request = TerminalRequest.objects.create(
        key=key,
        register=session.register,
        session=session,
        kind=kind,
        currency=amount.currency,
        amount_minor=amount.minor,
        intent=intent,
        asked_by=actor,
        asked_at=clock.now(),
    )
    audit.record(
        "cashiering.ask_terminal",
        actor=actor,
        subject=request,
        facility=session.facility,
        after={"kind": kind, "amount": amount},
    )
    return request


def call_terminal(request: TerminalRequest) -> TerminalRequest:
    """Send a request that was just recorded, and record the answer. Not in a transaction.

    A request that was sent before is not sent again: use query_terminal.
    """
    claimed = TerminalRequest.objects.filter(pk=request.pk, state="ASKED", answered_at=None)
    if not claimed.update(state=TerminalRequest.State.UNKNOWN):
        request.refresh_from_db()
        return request
    terminal = terminal_at(request.register.terminal_address)
    return _answered(request, _ask(terminal, request))


def query_terminal(request: TerminalRequest) -> TerminalRequest:
    """Ask the terminal what became of a request, and record it. Not in a transaction.

    A terminal that never saw it answers so, and the request counts as declined.
    """
    if request.state not in ("ASKED", "UNKNOWN"):
        return request
    terminal = terminal_at(request.register.terminal_address)
    try:
        answer = terminal.query(reference=request.public_id)
    except TerminalSilent:
        answer = None
    return _answered(request, answer)


def _ask(terminal: Terminal, request: TerminalRequest) -> Answer | None:
    amount = Money(request.amount_minor, request.currency)
    try:
        if request.kind == TerminalRequest.Kind.VOID:
            return terminal.void(reference=request.public_id, sale=request.intent["sale"])
        if request.kind == TerminalRequest.Kind.REFUND:
            return terminal.refund(reference=request.public_id, amount=amount, sale=request.intent["sale"])
        return terminal.sale(reference=request.public_id, amount=amount)
    except TerminalSilent:
        return None


@transaction.atomic
def _answered(request: TerminalRequest, answer: Answer | None) -> TerminalRequest:
    """Record an answer; none leaves the request unknown.

    An approval counts even after a query found nothing: the sale was still on its way.
    """
    request = lock_terminal_request(request)
    is_late = request.state == "DECLINED" and not (answer and answer.is_approved)
    if request.state == "APPROVED" or is_late:
        return request
    request.answered_at = clock.now()
    if answer is None:
        request.state = TerminalRequest.State.UNKNOWN
        request.message = "The terminal did not answer"
    else:
        request.state = "APPROVED" if answer.is_approved else "DECLINED"
        request.card_brand = answer.brand
        request.card_last4 = answer.last4
        request.auth_code = answer.auth_code
        request.message = answer.message[:120]
    request.save()
    audit.record(
        "cashiering.record_terminal_answer",
        actor=request.asked_by,
        subject=request,
        after={"state": request.state, "message": request.message},
    )
    return request
