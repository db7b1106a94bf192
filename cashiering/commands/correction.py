"""A receipt with the wrong tender: voided and issued again in one step; what is owed does not move."""

from collections.abc import Sequence

from django.db import transaction

from billing.queries import settled_by
from cashiering.commands.override import record_override
from cashiering.commands.receipt import issue_receipt
from cashiering.commands.void import lock_taken, refuse_alone, undo
from cashiering.models import Payment, TenderCorrection
from cashiering.rules.allocation import AllocationAsked
from cashiering.rules.tenders import TenderGiven
from hms_ach import audit, outbox
from hms_ach.access.commands import Agreement
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal


class TendersUnchanged(Refusal):
    code = "tenders_unchanged"
    status = 422
    sentence = "These are the tenders that receipt {receipt} already has. Change one, or leave it as it is."


@transaction.atomic
def correct_tenders(
    *,
    payment: Payment | int,
    tenders: Sequence[TenderGiven],
    reason: str,
    key: str,
    actor: User,
    agreed: Agreement | None = None,
) -> Payment:
    """Void one's own payment and issue it again with other tenders, all or nothing; gives the new one.

    tenders  in the order handed over, for the same amount as before
    agreed   another person who agrees at the screen, for a payment above the facility's limit
    key      made when the form opened; the same key again gives the same receipt

    The invoices stay paid and nobody is told that they were: the new receipt stands for the old one.
    Each receipt keeps its number, and both point at each other. Raises what void_payment and
    take_payment raise, or TendersUnchanged. Emits `payment.voided`, `payment.received` and
    `payment.corrected`.
    """
    session, payment = lock_taken(payment)
    known = TenderCorrection.objects.filter(void__payment=payment, replacement__key=key).first()
    if known is not None:
        return known.replacement
    refuse_alone(session, payment, reason, actor, agreed=agreed, action="CORRECTION")
    _refuse_unchanged(payment, tenders)
    laid = settled_by(payment.public_id)
    approver = agreed.person if agreed else None
    void = undo(session, payment, reason=reason, maker=actor, approver=approver, reopens=False)
    replacement = issue_receipt(
        session=session,
        patient_id=payment.patient_id,
        asked=[AllocationAsked(one.invoice_id, one.amount) for one in laid],
        tenders=tenders,
        prepayment=_kept(payment, laid_minor=sum(one.amount.minor for one in laid)),
        key=key,
        actor=actor,
        replaces=payment,
    )
    correction = TenderCorrection.objects.create(void=void, replacement=replacement)
    if agreed:
        record_override(
            action="CORRECTION",
            session=session,
            payment=payment,
            agreed=agreed,
            actor=actor,
            reason=reason,
            before={"tenders": _told(payment)},
            after={"tenders": _told(replacement)},
        )
    audit.record(
        "cashiering.correct_tenders",
        actor=actor,
        subject=correction,
        facility=session.facility,
        reason=reason,
        before={"receipt": payment.receipt_number, "tenders": _told(payment)},
        after={"receipt": replacement.receipt_number, "tenders": _told(replacement)},
    )
    outbox.record(
        "payment.corrected",
        subject=payment.public_id,
        facility=session.facility,
        data={
            "receipt_number": payment.receipt_number,
            "replacement": replacement.public_id,
            "replacement_number": replacement.receipt_number,
            "amount": Money(payment.total_minor, payment.currency).as_json(),
        },
    )
    return replacement


def _kept(payment: Payment, *, laid_minor: int) -> Money | None:
    """What the payment left on account: all of it that pays no invoice."""
    kept = payment.total_minor - payment.rounding_minor - laid_minor
    return Money(kept, payment.currency) if kept else None


def _told(payment: Payment) -> list[list[str]]:
    rows = payment.tenders.order_by("line")
    return [[row.kind, str(Money(row.amount_minor, row.currency))] for row in rows]


def _refuse_unchanged(payment: Payment, tenders: Sequence[TenderGiven]) -> None:
    """A correction changes something. Raises TendersUnchanged."""
    given = [
        (
            one.kind,
            one.foreign or one.tendered,
            one.reference,
            one.cheque_bank,
            one.is_wallet,
            one.is_health_account,
        )
        for one in tenders
        if not one.terminal_request
    ]
    rows = payment.tenders.order_by("line")
    if given == [
        (row.kind, row.handed_over, row.reference, row.cheque_bank, row.is_wallet, row.is_health_account)
        for row in rows
    ]:
        raise TendersUnchanged(receipt=payment.receipt_number)
