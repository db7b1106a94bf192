"""Deciding on a refund that was asked for: agreeing, refusing, taking it back."""

from django.db import transaction
from django.db.models import Sum

from cashiering.commands.locks import lock_refund
from cashiering.commands.override import record_override
from cashiering.commands.refund_refusal import (
    CardRefundAsked,
    RefundBySamePerson,
    RefundNeedsFinance,
    RefundReasonMissing,
)
from cashiering.commands.refund_request import card_request_of, hold, in_state, move_refund
from cashiering.commands.register import till_policy
from cashiering.models import Refund, Session, TerminalRequest
from hms_ach import clock
from hms_ach.access.commands import Agreement
from hms_ach.access.models import User
from hms_ach.money import Money


@transaction.atomic
def approve_refund_in_place(
    *, refund: Refund | int, session: Session, agreed: Agreement, actor: User
) -> Refund:
    """Have another person agree at the cashier's screen. Raises AgreementUnfit, or as approve_refund does."""
    approved = approve_refund(refund=refund, actor=agreed.person)
    record_override(
        action="REFUND",
        session=session,
        payment=approved.payment,
        agreed=agreed,
        actor=actor,
        reason=approved.reason,
        before={"state": "REQUESTED"},
        after={"state": "APPROVED", "refund": approved.public_id},
    )
    return approved


@transaction.atomic
def approve_refund(*, refund: Refund | int, actor: User) -> Refund:
    """Agree that the money goes back; by another person than who asked and than who took it.

    Raises RefundStateWrong, RefundBySamePerson, or RefundNeedsFinance when what goes back of the payment is
    above the head cashier's limit, for a person without cashiering.approve_large_refund.
    Emits `refund.approved`.
    """
    refund = in_state(lock_refund(refund), Refund.State.REQUESTED)
    if refund.requested_by_id == actor.pk:
        raise RefundBySamePerson(did="asked for")
    if refund.payment.taken_by_id == actor.pk:
        raise RefundBySamePerson(did="took the payment of")
    if needs_finance(refund, actor):
        raise RefundNeedsFinance(amount=_agreed_with(refund), limit=_supervisors_limit(refund))
    refund.approved_by, refund.approved_at = actor, clock.now()
    return move_refund(refund, "APPROVED", "approve_refund", actor, ["approved_by", "approved_at"])


def needs_finance(refund: Refund, actor: User) -> bool:
    """Whether what goes back of the payment with this refund is above what this person may approve."""
    is_large = _agreed_with(refund) > _supervisors_limit(refund)
    return is_large and not actor.has_perm("cashiering.approve_large_refund")


def _agreed_with(refund: Refund) -> Money:
    agreed = refund.payment.refunds.filter(state__in=Refund.LIVE).exclude(state=Refund.State.REQUESTED)
    before = agreed.aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return Money(before + refund.amount_minor, refund.currency)


def _supervisors_limit(refund: Refund) -> Money:
    return Money(till_policy(refund.facility_id).refund_supervisor_minor, refund.currency)


@transaction.atomic
def reject_refund(*, refund: Refund | int, reason: str, actor: User) -> Refund:
    """Refuse that the money goes back; what was held is free again. Emits `refund.rejected`.

    Raises RefundStateWrong, RefundReasonMissing, or RefundBySamePerson for who asked: they cancel it.
    """
    refund = in_state(lock_refund(refund), Refund.State.REQUESTED)
    if refund.requested_by_id == actor.pk:
        raise RefundBySamePerson(did="asked for")
    return _ended(refund, "REJECTED", "reject_refund", reason, actor)


@transaction.atomic
def cancel_refund(*, refund: Refund | int, reason: str, actor: User) -> Refund:
    """Take a refund back that nobody has sent. Emits `refund.cancelled`.

    Who asked may do so before it is decided; afterwards only who may approve refunds.
    Raises RefundStateWrong, RefundReasonMissing, RefundBySamePerson, or CardRefundAsked while the card may
    have its money.
    """
    refund = in_state(lock_refund(refund), *Refund.PENDING)
    is_own = refund.requested_by_id == actor.pk
    if not (refund.state == Refund.State.REQUESTED and is_own):
        if is_own and refund.approved_by_id is not None:
            raise RefundBySamePerson(did="asked for")
        if not is_own and not actor.has_perm("cashiering.approve_refund"):
            raise RefundBySamePerson(did="did not ask for")
    if card_request_of(refund).exclude(state=TerminalRequest.State.DECLINED).exists():
        raise CardRefundAsked(amount=Money(refund.amount_minor, refund.currency))
    return _ended(refund, "CANCELLED", "cancel_refund", reason, actor)


def _ended(refund: Refund, state: str, action: str, reason: str, actor: User) -> Refund:
    if not reason.strip():
        raise RefundReasonMissing()
    refund.ended_by, refund.ended_at, refund.end_reason = actor, clock.now(), reason.strip()
    hold(refund, -refund.amount_minor)
    return move_refund(refund, state, action, actor, ["ended_by", "ended_at", "end_reason"])
