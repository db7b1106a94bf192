"""Asking for money to go back: the amount is held from then on."""

from collections.abc import Mapping

from django.db import transaction
from django.db.models import F, Q, QuerySet, Sum

from cashiering.commands.locks import lock_credits_of, lock_key, lock_payment
from cashiering.commands.refund_refusal import (
    RefundKeyReused,
    RefundNotPositive,
    RefundReasonMissing,
    RefundStateWrong,
    RefundTenderWrong,
)
from cashiering.commands.register import till_policy
from cashiering.commands.void_refusal import PaymentVoided
from cashiering.models import (
    Credit,
    Payment,
    PaymentVoid,
    Refund,
    RefundPart,
    Session,
    Tender,
    TerminalRequest,
)
from cashiering.queries.refund import refundable_of
from cashiering.rules.refunds import RefundTooLarge, parts_of
from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.money import CurrencyMismatch, Money


@transaction.atomic
def request_refund(
    *,
    payment: Payment | int,
    tender: int | None,
    amount: Money,
    reason: str,
    key: str,
    actor: User,
    parts: Mapping[int | None, Money] | None = None,
    is_patient_present: bool | None = None,
) -> Refund:
    """Ask for a part of a payment to go back the way it came. The amount is held from now on.

    tender  id of the tender that it goes back by; None when the payment has only one
    parts   how much of which invoice (its id), or of what is on account (None); left out: what it can only be

    is_patient_present  whether the patient stands at the desk; None where nobody was asked

    Up to the facility's limit in one session a cashier approves the own requests by asking; never that of
    somebody who is not there. Raises
    RefundKeyReused, RefundReasonMissing, RefundNotPositive, PaymentVoided, RefundTenderWrong,
    RefundTooLarge or RefundPartsAmbiguous. Emits `refund.requested`.
    """
    _session, payment = lock_payment(payment)
    lock_key(key)
    known = Refund.objects.filter(key=key).first()
    if known is not None:
        return _same(known, payment, tender, amount)
    lock_credits_of(payment)
    _refuse(payment, amount, reason)
    chosen = _tender(payment, tender, amount)
    taken = _parts(payment, amount, parts)
    is_alone = is_patient_present is not False and _is_within_limit(payment, chosen, amount, actor)
    refund = Refund.objects.create(
        key=key,
        facility=payment.facility,
        payment=payment,
        tender=chosen,
        currency=amount.currency,
        amount_minor=amount.minor,
        reason=reason.strip(),
        state=Refund.State.APPROVED if is_alone else Refund.State.REQUESTED,
        is_within_limit=is_alone,
        is_patient_present=is_patient_present,
        requested_by=actor,
        requested_at=clock.now(),
    )
    RefundPart.objects.bulk_create(
        RefundPart(refund=refund, invoice_id=invoice, amount_minor=part.minor)
        for invoice, part in taken.items()
    )
    hold(refund, amount.minor)
    note("request_refund", refund, actor, reason=reason)
    return refund


def _same(known: Refund, payment: Payment, tender: int | None, amount: Money) -> Refund:
    """What this key asked for before. Raises RefundKeyReused when that was something else."""
    then = (known.payment_id, known.currency, known.amount_minor)
    if then != (payment.pk, amount.currency, amount.minor) or tender not in (None, known.tender_id):
        raise RefundKeyReused()
    return known


def _refuse(payment: Payment, amount: Money, reason: str) -> None:
    if not reason.strip():
        raise RefundReasonMissing()
    if amount.currency != payment.currency:
        raise CurrencyMismatch(left=amount.currency, right=payment.currency)
    if amount.minor <= 0:
        raise RefundNotPositive(amount=amount)
    if PaymentVoid.objects.filter(payment=payment).exists():
        raise PaymentVoided(receipt=payment.receipt_number)


def _tender(payment: Payment, pk: int | None, amount: Money) -> Tender:
    """The tender that the money goes back by; what was on account before goes back by its own receipt."""
    tenders = list(payment.tenders.exclude(kind="ACCOUNT").order_by("line"))
    returns = (payment.cheque_returns, payment.payment_returns.filter(won_on=None))
    live = [rows.exclude(state="REJECTED").values_list("tender_id", flat=True) for rows in returns]
    back = {pk for ids in live for pk in ids}
    chosen = [one for one in tenders if pk in (None, one.pk) and one.pk not in back]
    if len(chosen) != 1:
        raise RefundTenderWrong(receipt=payment.receipt_number)
    left = Money(chosen[0].refundable_minor, payment.currency)
    if amount > left:
        raise RefundTooLarge(what=f"the {chosen[0].get_kind_display().lower()}", left=left, amount=amount)
    return chosen[0]


def _parts(
    payment: Payment, amount: Money, named: Mapping[int | None, Money] | None
) -> Mapping[int | None, Money]:
    refundable = refundable_of(payment)
    if named is None:
        return parts_of(amount, refundable)
    zero = Money.zero(amount.currency)
    for key, part in named.items():
        left = refundable.by_invoice.get(key, zero)
        if part <= zero or part > left:
            raise RefundTooLarge(what="this invoice" if key else "the account", left=left, amount=part)
    if sum(part.minor for part in named.values()) != amount.minor:
        raise RefundTooLarge(what="the parts together", left=sum(named.values(), zero), amount=amount)
    return named


def _is_within_limit(payment: Payment, tender: Tender, amount: Money, actor: User) -> bool:
    """Small money that a cashier gives back from the own drawer or terminal: in all of a session."""
    session = Session.objects.filter(cashier=actor, state="OPEN", facility=payment.facility).first()
    if session is None or not is_at_desk(payment, tender):
        return False
    lock_key(f"refunds alone:{actor.pk}")
    alone = Refund.objects.filter(requested_by=actor, is_within_limit=True, state__in=Refund.LIVE)
    # By the drawer as well as by the clock, which may have gone back since the drawer was opened.
    of_session = Q(requested_at__gte=session.opened_at) | Q(session=session) | Q(state__in=Refund.PENDING)
    before = alone.filter(of_session).aggregate(sum=Sum("amount_minor"))["sum"] or 0
    return before + amount.minor <= till_policy(payment.facility_id).refund_alone_minor


def is_at_desk(payment: Payment, tender: Tender) -> bool:
    """Whether a tender goes back at a register: cash, or a card that a register took."""
    return tender.kind == "CASH" or (tender.kind == "CARD" and payment.session_id is not None)


def hold(refund: Refund, minor: int) -> None:
    """Hold an amount of the tender and of what is on account; less than nothing gives it back."""
    Tender.objects.filter(pk=refund.tender_id).update(refunded_minor=F("refunded_minor") + minor)
    part = refund.parts.filter(invoice=None).first()
    if part is not None:
        held = part.amount_minor if minor > 0 else -part.amount_minor
        lock_credits_of(refund.payment)
        Credit.objects.filter(payment=refund.payment_id).update(used_minor=F("used_minor") + held)


def card_request_of(refund: Refund) -> QuerySet[TerminalRequest]:
    """What the terminal was asked to give back to the card: one request, or none yet."""
    return TerminalRequest.objects.filter(key=f"refund:{refund.public_id}")


def in_state(refund: Refund, *states: str) -> Refund:
    """Raises RefundStateWrong."""
    if refund.state not in states:
        raise RefundStateWrong(state=refund.get_state_display().lower())
    return refund


def move_refund(refund: Refund, state: str, action: str, actor: User | None, fields: list[str]) -> Refund:
    """Write a refund's new state, note it and tell it."""
    before, refund.state = refund.state, state
    refund.save(update_fields=["state", *fields])
    note(action, refund, actor, before=before, reason=refund.end_reason)
    return refund


def note(action: str, refund: Refund, actor: User | None, *, before: str = "", reason: str = "") -> None:
    """The audit trail and the event of one step."""
    amount = Money(refund.amount_minor, refund.currency)
    audit.record(
        f"cashiering.{action}",
        actor=actor,
        subject=refund,
        facility=refund.facility,
        reason=reason,
        before={"state": before} if before else None,
        after={"state": refund.state, "amount": amount},
    )
    if action == "reopen_refund":
        return
    event = "requested" if action == "request_refund" else refund.state.lower()
    outbox.record(
        f"refund.{event}",
        subject=refund.public_id,
        facility=refund.facility,
        data={
            "state": refund.state.lower(),
            "payment": refund.payment.public_id,
            "receipt_number": refund.payment.receipt_number,
            "method": refund.tender.kind.lower(),
            "amount": amount.as_json(),
        },
    )
