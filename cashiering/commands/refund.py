"""Giving money back: at the register, or by the bank."""

from datetime import date, timedelta

from django.db import transaction

from billing.commands import unsettle_invoice
from cashiering.commands.allowed_tender import refuse_not_here
from cashiering.commands.card_batch import open_card_batch
from cashiering.commands.credit import account_posting
from cashiering.commands.locks import NotYourSession, lock_refund, refuse_not_open
from cashiering.commands.refund_cash import hand_out, refuse_missing_cash
from cashiering.commands.refund_refusal import RefundBySamePerson, RefundReasonMissing, RefundTenderWrong
from cashiering.commands.refund_request import in_state, is_at_desk, move_refund
from cashiering.models import CardBatch, Refund, Session, TerminalRequest
from cashiering.queries.card_batch import batch_sums
from cashiering.rules.refunds import CHEQUE_HOLD_DAYS
from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import Posting, post_entry


class CardRefundMissing(Refusal):
    code = "card_refund_missing"
    sentence = (
        "The terminal has not given {amount} back to the card. Do that first, or ask it what became of it."
    )


class CardBatchTooSmall(Refusal):
    code = "card_batch_too_small"
    sentence = "The open card batch holds less than {amount}. Give it back after more cards were taken."


class MoneyNotCleared(Refusal):
    code = "money_not_cleared"
    sentence = "This {tender} may still come back unpaid. Release its refund {when}."


class RefundReferenceMissing(Refusal):
    code = "refund_reference_missing"
    status = 422
    sentence = "Write down the number that the bank will quote: of the cheque or of the transfer."


def refuse_payout(refund: Refund, session: Session, actor: User) -> None:
    """Whatever pay_refund would refuse but CardRefundMissing, before a card is asked. Writes nothing."""
    in_state(refund, Refund.State.APPROVED)
    _refuse_payer(refund, session, actor)
    _batch(refund, session, Money(refund.amount_minor, refund.currency))


@transaction.atomic
def pay_refund(
    *, refund: Refund | int, session: Session | int, actor: User, terminal: TerminalRequest | None = None
) -> Refund:
    """Give an approved refund back at the actor's open register: out of the drawer, or to the card.

    terminal  the approved request of the card terminal; None at a register without one

    Cash goes back to the smallest coin, the rounding posted apart; foreign cash as the facility says.
    Not by who approved it. Cash is settled at once; a card's refund lowers the batch that the acquirer
    pays. Raises RefundStateWrong, NotYourSession, SessionNotOpen, RefundBySamePerson, RefundTenderWrong,
    TenderNotAtRegister, CashNotInDrawer, CardRefundMissing or CardBatchTooSmall. Emits `refund.sent`, for
    cash `refund.settled`.
    """
    refund = lock_refund(refund, also=session)
    if refund.terminal_request_id and terminal and refund.terminal_request_id == terminal.pk:
        return refund
    in_state(refund, Refund.State.APPROVED)
    own = Session.objects.select_related("register", "facility__till_policy").get(
        pk=getattr(session, "pk", session)
    )
    _refuse_payer(refund, own, actor)
    refund.session, refund.released_by, refund.released_at = own, actor, clock.now()
    amount = Money(refund.amount_minor, refund.currency)
    fields = ["session", "released_by", "released_at"]
    if refund.tender.kind == "CASH":
        back = refuse_missing_cash(refund, own)
        refund.rounding_minor = back.rounding.minor
        _send(refund, own.business_on, actor, [*fields, "rounding_minor"])
        _pay_out(refund, hand_out(refund, own, back, actor), actor)
        return _settled(refund, own.business_on, actor)
    _refuse_card(refund, own, terminal, amount)
    refund.terminal_request = terminal
    refund.card_batch = _batch(refund, own, amount)
    _send(refund, own.business_on, actor, [*fields, "terminal_request", "card_batch"])
    batch = refund.card_batch.public_id
    _pay_out(refund, [Posting("card.clearing", -amount, reference=batch, tender="CARD")], actor)
    return refund


def _refuse_payer(refund: Refund, session: Session, actor: User) -> None:
    if session.cashier_id != actor.pk or session.facility_id != refund.facility_id:
        raise NotYourSession(number=session.number)
    refuse_not_open(session)
    if refund.approved_by_id == actor.pk:
        raise RefundBySamePerson(did="approved")
    if not is_at_desk(refund.payment, refund.tender):
        raise RefundTenderWrong(receipt=refund.payment.receipt_number)
    refuse_not_here(session, [refund.tender.kind])


def _refuse_card(refund: Refund, session: Session, terminal: TerminalRequest | None, amount: Money) -> None:
    """At a register with a terminal the card has its money before anything is booked.

    The session that asked may have ended since; its register's batch is lower all the same.
    """
    is_done = (
        terminal is not None
        and terminal.kind == TerminalRequest.Kind.REFUND
        and terminal.state == TerminalRequest.State.APPROVED
        and terminal.register_id == session.register_id
        and terminal.intent["refund"] == refund.public_id
        and Money(terminal.amount_minor, terminal.currency) == amount
    )
    if session.register.terminal_address and not is_done:
        raise CardRefundMissing(amount=amount)


def _batch(refund: Refund, session: Session, amount: Money) -> CardBatch:
    """The terminal's open batch, which still owes us something after the refund."""
    register = session.register
    batch = open_card_batch(
        facility_id=refund.facility_id,
        terminal_id=register.terminal_id or f"REG-{register.pk}",
        currency=refund.currency,
        on=session.business_on,
    )
    if batch_sums(batch).gross < amount:
        raise CardBatchTooSmall(amount=amount)
    return batch


def _pay_out(refund: Refund, credits: list[Posting], actor: User) -> None:
    assert refund.sent_on is not None
    amount = Money(refund.amount_minor, refund.currency)
    post_entry(
        key=f"cashiering.refund_payout:{refund.public_id}",
        facility=refund.facility,
        effective_on=refund.sent_on,
        source=("refund_payout", refund.public_id),
        memo=f"Refund of receipt {refund.payment.receipt_number} paid out",
        postings=[Posting("refund.clearing", amount, reference=refund.public_id), *credits],
        actor=actor,
    )


def _settled(refund: Refund, on: date, actor: User | None) -> Refund:
    refund.settled_on = on
    return move_refund(refund, "SETTLED", "settle_refund", actor, ["settled_on"])


def _send(refund: Refund, on: date, actor: User, fields: list[str]) -> Refund:
    """The money leaves: only now its invoices are open again, and only now it counts as refunded."""
    refund.sent_at, refund.sent_on, refund.sending = clock.now(), on, refund.sending + 1
    is_first = not refund.ended_at
    if is_first:
        amount = Money(refund.amount_minor, refund.currency)
        post_entry(
            key=f"cashiering.refund:{refund.public_id}",
            facility=refund.facility,
            effective_on=on,
            source=("refund", refund.public_id),
            memo=f"Refund of receipt {refund.payment.receipt_number}",
            postings=[
                *_taken_back(refund, on, actor),
                Posting("refund.clearing", -amount, reference=refund.public_id),
            ],
            actor=actor,
        )
    return move_refund(refund, "SENT", "send_refund", actor, [*fields, "sent_at", "sent_on", "sending"])


def _taken_back(refund: Refund, on: date, actor: User) -> list[Posting]:
    postings = []
    for part in refund.parts.order_by("invoice_id"):
        amount = Money(part.amount_minor, refund.currency)
        if part.invoice_id is None:
            postings.append(account_posting(refund.payment, amount.minor))
            continue
        reopened = unsettle_invoice(
            source=refund.payment.public_id,
            invoice_id=part.invoice_id,
            amount=amount,
            on=on,
            actor=actor,
            reason=f"Refund: {refund.reason}",
        )
        postings.append(reopened.credit)
    return postings


@transaction.atomic
def release_refund(*, refund: Refund | int, actor: User) -> Refund:
    """Let an approved refund go to the bank; a failed one again. By a third person. Emits `refund.released`.

    Raises RefundStateWrong, RefundBySamePerson, RefundTenderWrong for cash, or MoneyNotCleared while the
    cheque or transfer that paid may still come back.
    """
    refund = in_state(lock_refund(refund), Refund.State.APPROVED, Refund.State.FAILED)
    if is_at_desk(refund.payment, refund.tender):
        raise RefundTenderWrong(receipt=refund.payment.receipt_number)
    if actor.pk in (refund.requested_by_id, refund.approved_by_id):
        raise RefundBySamePerson(did="asked for or approved")
    _refuse_uncleared(refund)
    refund.released_by, refund.released_at = actor, clock.now()
    return move_refund(refund, "RELEASED", "release_refund", actor, ["released_by", "released_at"])


def _refuse_uncleared(refund: Refund) -> None:
    tender, taken_on = refund.tender, refund.payment.business_on
    from_on = taken_on + timedelta(days=CHEQUE_HOLD_DAYS)
    facility = refund.facility
    today = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    if tender.kind == "CHEQUE" and today < from_on:
        raise MoneyNotCleared(tender="cheque", when=f"from {from_on} on")
    if tender.kind == "TRANSFER" and tender.bank_confirmed_on is None:
        raise MoneyNotCleared(tender="transfer", when="once the bank has confirmed it")


@transaction.atomic
def send_refund(*, refund: Refund | int, reference: str, actor: User) -> Refund:
    """Record that a released refund has left, under the number that the bank will quote. Emits `refund.sent`.

    Not by who approved it. Raises RefundStateWrong, RefundBySamePerson or RefundReferenceMissing.
    """
    refund = in_state(lock_refund(refund), Refund.State.RELEASED)
    if actor.pk in (refund.requested_by_id, refund.approved_by_id):
        raise RefundBySamePerson(did="asked for or approved")
    if not reference.strip():
        raise RefundReferenceMissing()
    facility = refund.facility
    today = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    refund.reference = reference.strip()[:60]
    return _send(refund, today, actor, ["reference"])


@transaction.atomic
def fail_refund(*, refund: Refund | int, reason: str, actor: User) -> Refund:
    """Record that a sent refund did not arrive: it is still owed, and is released again.

    Emits `refund.failed`. Raises RefundStateWrong, RefundTenderWrong (at a register), RefundReasonMissing.
    """
    refund = in_state(lock_refund(refund), Refund.State.SENT)
    if refund.card_batch_id or refund.session_id:
        raise RefundTenderWrong(receipt=refund.payment.receipt_number)
    if not reason.strip():
        raise RefundReasonMissing()
    refund.ended_by, refund.ended_at, refund.end_reason = actor, clock.now(), reason.strip()
    return move_refund(refund, "FAILED", "fail_refund", actor, ["ended_by", "ended_at", "end_reason"])
