"""What a payment paid, laid against another invoice: the wrong patient's or the wrong bill's."""

from typing import Any

from django.db import transaction

from billing.commands import Settled, settle_invoice, unsettle_invoice
from billing.queries import invoices_of
from cashiering.commands.locks import lock_payment
from cashiering.commands.payer import InvoiceElsewhere
from cashiering.commands.void import refuse_refunded
from cashiering.commands.void_refusal import PaymentVoided
from cashiering.models import Payment, PaymentVoid, Reallocation, Refund
from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.commands import post_entry


class ReallocationReasonMissing(Refusal):
    code = "reallocation_reason_missing"
    status = 422
    sentence = "Say why the money belongs to another invoice."


class ReallocationNowhere(Refusal):
    code = "reallocation_nowhere"
    status = 422
    sentence = "The money lies there already. Choose another invoice."


class ReallocationNotPositive(Refusal):
    code = "reallocation_not_positive"
    status = 422
    sentence = "{amount} cannot be laid elsewhere. Write more than zero."


class ReallocationByCashier(Refusal):
    code = "reallocation_by_cashier"
    status = 403
    sentence = "You took receipt {receipt}; another person lays its money elsewhere."


@transaction.atomic
def reallocate_payment(
    *,
    payment: Payment | int,
    from_invoice: int,
    to_invoice: int,
    amount: Money,
    reason: str,
    key: str,
    actor: User,
) -> Reallocation:
    """Take an amount of a payment off one invoice and lay it against another of the facility, today.

    The receipt, its tenders and its allocations stay as they were written. Not by the cashier who took
    it: who moves payments from patient to patient could hide what is missing.
    Raises ReallocationReasonMissing, ReallocationNotPositive, ReallocationNowhere, ReallocationByCashier,
    PaymentVoided, PaymentRefunded while a refund waits, InvoiceElsewhere, and what settle_invoice and
    unsettle_invoice raise. Emits `payment.reallocated`.
    """
    _session, payment = lock_payment(payment)
    known = Reallocation.objects.filter(key=key, payment=payment).first()
    if known is not None:
        return known
    if amount.minor <= 0:
        raise ReallocationNotPositive(amount=amount)
    _refuse(payment, from_invoice, to_invoice, reason, actor)
    facility = payment.facility
    today = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    moved = Reallocation.objects.create(
        key=key,
        payment=payment,
        from_invoice_id=from_invoice,
        to_invoice_id=to_invoice,
        currency=amount.currency,
        amount_minor=amount.minor,
        reason=reason.strip(),
        business_on=today,
        cashier_id=payment.taken_by_id,
        made_by=actor,
        made_at=clock.now(),
    )
    settled = _move(moved, amount, actor)
    post_entry(
        key=f"cashiering.reallocation:{moved.public_id}",
        facility=facility,
        effective_on=today,
        source=("reallocation", moved.public_id),
        memo=f"Receipt {payment.receipt_number} laid elsewhere",
        postings=[one.credit for one in settled],
        actor=actor,
    )
    audit.record(
        "cashiering.reallocate_payment",
        actor=actor,
        subject=moved,
        facility=facility,
        reason=reason,
        before={"invoice": from_invoice, "amount": amount},
        after={"invoice": to_invoice, "amount": amount},
    )
    outbox.record(
        "payment.reallocated",
        subject=payment.public_id,
        facility=facility,
        data={
            "receipt_number": payment.receipt_number,
            "reallocation": moved.public_id,
            "from_invoice": _public_id(settled, from_invoice),
            "to_invoice": _public_id(settled, to_invoice),
            "amount": amount.as_json(),
        },
    )
    return moved


def _refuse(payment: Payment, from_invoice: int, to_invoice: int, reason: str, actor: User) -> None:
    if not reason.strip():
        raise ReallocationReasonMissing()
    if from_invoice == to_invoice:
        raise ReallocationNowhere()
    if payment.taken_by_id == actor.pk:
        raise ReallocationByCashier(receipt=payment.receipt_number)
    if PaymentVoid.objects.filter(payment=payment).exists():
        raise PaymentVoided(receipt=payment.receipt_number)
    refuse_refunded(payment, *Refund.PENDING)
    if not invoices_of([payment.facility_id]).filter(pk=to_invoice).exists():
        raise InvoiceElsewhere(facility=payment.facility.code)


def _move(moved: Reallocation, amount: Money, actor: User) -> list[Settled]:
    """Both ends, in the order of the invoices' ids."""
    common: dict[str, Any] = {"source": moved.payment.public_id, "on": moved.business_on, "actor": actor}
    settled = []
    for invoice_id in sorted((moved.from_invoice_id, moved.to_invoice_id)):
        if invoice_id == moved.from_invoice_id:
            settled.append(
                unsettle_invoice(invoice_id=invoice_id, amount=amount, reason=moved.reason, **common)
            )
        else:
            settled.append(settle_invoice(invoice_id=invoice_id, amount=amount, **common))
    return settled


def _public_id(settled: list[Settled], invoice_id: int) -> str:
    return next(one.invoice.public_id for one in settled if one.invoice.pk == invoice_id)
