"""Undoing a payment in the session that took it."""

from datetime import date

from django.db import transaction
from django.db.models import F

from billing.commands import unsettle_invoice
from billing.queries import settled_by
from cashiering.commands.card_batch import CardBatchBelowZero, CardBatchClosed
from cashiering.commands.credit import give_back_credits, refuse_used_credit
from cashiering.commands.locks import NotYourSession, lock_session, refuse_not_open, share_card_batches
from cashiering.commands.override import record_override, refuse_unfit
from cashiering.commands.register import till_policy
from cashiering.commands.void_refusal import (
    CardSaleStands,
    PaymentRefunded,
    PaymentReturned,
    PaymentVoided,
    TransferConfirmed,
    VoidByRequester,
    VoidNeedsSecondPerson,
    VoidNotPossible,
    VoidNotRequested,
    VoidReasonMissing,
)
from cashiering.models import Payment, PaymentVoid, Refund, Session, Tender, TerminalRequest, VoidRequest
from cashiering.queries.card_batch import batch_sums
from hms_ach import audit, clock, outbox
from hms_ach.access.commands import Agreement
from hms_ach.access.models import User
from hms_ach.money import Money
from ledger.commands import reverse_entry


@transaction.atomic
def request_void(*, payment: Payment | int, reason: str, actor: User) -> VoidRequest:
    """Ask another person to void a payment above the limit. Asking again changes nothing."""
    session, payment = lock_taken(payment)
    _refuse(session, payment, reason)
    if session.cashier_id != actor.pk:
        raise NotYourSession(number=session.number)
    known = VoidRequest.objects.filter(payment=payment).first()
    if known is not None:
        return known
    asked = VoidRequest.objects.create(
        payment=payment, reason=reason, requested_by=actor, requested_at=clock.now()
    )
    audit.record(
        "cashiering.request_void", actor=actor, subject=payment, facility=session.facility, reason=reason
    )
    return asked


@transaction.atomic
def void_payment(
    *, payment: Payment | int, reason: str, actor: User, agreed: Agreement | None = None
) -> PaymentVoid:
    """Void one's own payment, while its session and its card batch are open.

    agreed  another person who agrees at the cashier's screen, for a payment above the facility's limit

    The receipt and its number stay; the entry is reversed and the invoices open again. Raises
    NotYourSession, SessionNotOpen, PaymentVoided, VoidReasonMissing, CardBatchClosed, CardSaleStands,
    TransferConfirmed, CreditUsed, or VoidNeedsSecondPerson above the facility's limit.
    Emits `payment.voided`.
    """
    session, payment = lock_taken(payment)
    refuse_alone(session, payment, reason, actor, agreed=agreed, action="VOID")
    void = undo(session, payment, reason=reason, maker=actor, approver=agreed.person if agreed else None)
    if agreed:
        record_override(
            action="VOID",
            session=session,
            payment=payment,
            agreed=agreed,
            actor=actor,
            reason=reason,
            before={"state": "RECEIVED"},
            after={"state": "VOIDED"},
        )
    return void


@transaction.atomic
def refuse_void(
    *,
    payment: Payment | int,
    reason: str,
    actor: User,
    agreed: Agreement | None = None,
    action: str = "VOID",
) -> None:
    """Whatever void_payment would refuse but CardSaleStands, before a card is asked. Writes nothing."""
    session, payment = lock_taken(payment)
    refuse_alone(session, payment, reason, actor, agreed=agreed, action=action)
    _refuse_gone(session, payment, list(payment.tenders.all()))


@transaction.atomic
def refuse_void_approval(*, payment: Payment | int, actor: User) -> None:
    """Whatever approve_void would refuse but CardSaleStands, before a card is asked. Writes nothing."""
    session, payment = lock_taken(payment)
    _asked_by_another(session, payment, actor)
    _refuse_gone(session, payment, list(payment.tenders.all()))


@transaction.atomic
def approve_void(*, payment: Payment | int, actor: User) -> PaymentVoid:
    """Void a payment that its cashier asked to void; by another person. Raises as void_payment does."""
    session, payment = lock_taken(payment)
    asked = _asked_by_another(session, payment, actor)
    return undo(session, payment, reason=asked.reason, maker=asked.requested_by, approver=actor)


def _asked_by_another(session: Session, payment: Payment, actor: User) -> VoidRequest:
    asked = VoidRequest.objects.filter(payment=payment).select_related("requested_by").first()
    if asked is None:
        raise VoidNotRequested(receipt=payment.receipt_number)
    _refuse(session, payment, asked.reason)
    if actor.pk in (asked.requested_by_id, session.cashier_id):
        raise VoidByRequester(receipt=payment.receipt_number)
    return asked


def refuse_alone(
    session: Session,
    payment: Payment,
    reason: str,
    actor: User,
    *,
    agreed: Agreement | None = None,
    action: str = "VOID",
) -> None:
    """Whatever keeps a cashier from undoing this payment, alone or with who agrees to it."""
    _refuse(session, payment, reason)
    if session.cashier_id != actor.pk:
        raise NotYourSession(number=session.number)
    if agreed is not None:
        refuse_unfit(agreed, action=action, session=session, actor=actor)
        return
    limit = Money(till_policy(session.facility_id).void_alone_minor, payment.currency)
    if payment.total_minor > limit.minor:
        raise VoidNeedsSecondPerson(receipt=payment.receipt_number, limit=limit)


def lock_taken(payment: Payment | int) -> tuple[Session, Payment]:
    """A payment of a register with its session, locked. Raises VoidNotPossible."""
    payment = Payment.objects.get(pk=getattr(payment, "pk", payment))
    if payment.session_id is None:
        raise VoidNotPossible(receipt=payment.receipt_number)
    return lock_session(payment.session_id), payment


def _refuse(session: Session, payment: Payment, reason: str) -> None:
    if not reason.strip():
        raise VoidReasonMissing()
    refuse_not_open(session)
    if PaymentVoid.objects.filter(payment=payment).exists():
        raise PaymentVoided(receipt=payment.receipt_number)
    refuse_refunded(payment, *Refund.LIVE)
    if any(
        rows.exclude(state="REJECTED").exists() for rows in (payment.cheque_returns, payment.payment_returns)
    ):
        raise PaymentReturned(receipt=payment.receipt_number)
    refuse_used_credit(payment)


def refuse_refunded(payment: Payment, *states: str) -> None:
    """Raises PaymentRefunded for a refund in one of these states."""
    live = Refund.objects.filter(payment=payment, state__in=states).order_by("id").first()
    if live is not None:
        raise PaymentRefunded(receipt=payment.receipt_number, state=live.get_state_display().lower())


def undo(
    session: Session,
    payment: Payment,
    *,
    reason: str,
    maker: User,
    approver: User | None,
    reopens: bool = True,
) -> PaymentVoid:
    """Write the void and take the payment back, tender by tender. For holders of the session's lock.

    reopens  whether its invoices are open again; a receipt that is issued again keeps them paid
    """
    if reopens:
        for laid in settled_by(payment.public_id):
            unsettle_invoice(
                source=payment.public_id,
                invoice_id=laid.invoice_id,
                on=session.business_on,
                actor=maker,
                reason=reason,
            )
    tenders = list(payment.tenders.select_for_update(of=("self",)).order_by("line"))
    give_back_credits(payment, tenders)
    cash = _refuse_gone(session, payment, tenders)
    _refuse_standing_sales(payment, tenders)
    if cash:
        Session.objects.filter(pk=session.pk).update(cash_minor=F("cash_minor") - cash)
    return write_void(payment, on=session.business_on, reason=reason, maker=maker, approver=approver)


def write_void(payment: Payment, *, on: date, reason: str, maker: User, approver: User | None) -> PaymentVoid:
    """The void's row, what the payment posted reversed, and the news. For who took the payment back."""
    void = PaymentVoid.objects.create(
        payment=payment, reason=reason, voided_by=maker, approved_by=approver, voided_at=clock.now()
    )
    moves = payment.reallocations.order_by("id").values_list("public_id", flat=True)
    originals = [f"payment:{payment.public_id}", *(f"reallocation:{public_id}" for public_id in moves)]
    for original in originals:
        reverse_entry(
            original=f"cashiering.{original}",
            key=f"cashiering.void:{original.partition(':')[2]}",
            effective_on=on,
            memo=f"Void of receipt {payment.receipt_number}",
            source=("payment_void", payment.public_id),
            actor=approver or maker,
        )
    audit.record(
        "cashiering.void_payment",
        actor=approver or maker,
        subject=payment,
        facility=payment.facility,
        reason=reason,
        on_behalf_of=maker if approver else None,
    )
    outbox.record(
        "payment.voided",
        subject=payment.public_id,
        facility=payment.facility,
        data={
            "receipt_number": payment.receipt_number,
            "amount": Money(payment.total_minor, payment.currency).as_json(),
        },
    )
    return void


def _refuse_gone(session: Session, payment: Payment, tenders: list[Tender]) -> int:
    """The money is still here to give back: cards in an open batch. How much cash goes back.

    Cash that went to the safe is no reason to refuse: a refusal would tell what the drawer should hold.
    """
    if any(tender.bank_confirmed_on for tender in tenders):
        raise TransferConfirmed(receipt=payment.receipt_number)
    batches = {tender.card_batch_id for tender in tenders if tender.card_batch_id}
    for batch in share_card_batches(sorted(batches)):
        if batch.state != "OPEN":
            raise CardBatchClosed(batch=batch)
        taken = sum(tender.amount_minor for tender in tenders if tender.card_batch_id == batch.pk)
        if batch_sums(batch).gross.minor < taken:
            raise CardBatchBelowZero(batch=batch)
    return sum(one.drawer_minor for one in tenders if one.kind == "CASH")


def _refuse_standing_sales(payment: Payment, tenders: list[Tender]) -> None:
    """A card payment is voided after the terminal voided its sale."""
    for card in tenders:
        if card.terminal_request is None:
            continue
        undone = TerminalRequest.objects.filter(
            key=f"void:{card.terminal_request.public_id}", state=TerminalRequest.State.APPROVED
        )
        if not undone.exists():
            raise CardSaleStands(receipt=payment.receipt_number)
