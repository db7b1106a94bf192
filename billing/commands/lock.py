"""Locks that keep an invoice as it is: a court case, privacy, an audit."""

from django.db import transaction

from billing.models import Invoice, InvoiceLock
from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.refusal import Refusal


class LockStepRefused(Refusal):
    code = "lock_step_refused"
    sentence = "Invoice {invoice} is already {state}."


def lock_invoice(*, invoice_id: int, actor: User, reason: str) -> InvoiceLock:
    """Keep an invoice from being cancelled and its amounts from common view. Raises LockStepRefused."""
    return _step(invoice_id, InvoiceLock.Step.PLACED, actor, reason)


def unlock_invoice(*, invoice_id: int, actor: User, reason: str) -> InvoiceLock:
    """Release a locked invoice. Raises LockStepRefused."""
    return _step(invoice_id, InvoiceLock.Step.RELEASED, actor, reason)


@transaction.atomic
def _step(invoice_id: int, step: InvoiceLock.Step, actor: User, reason: str) -> InvoiceLock:
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True).select_related("facility")
    invoice = rows.get(pk=invoice_id)
    last = invoice.locks.order_by("id").last()
    if (last.step if last else InvoiceLock.Step.RELEASED) == step:
        raise LockStepRefused(invoice=invoice, state=InvoiceLock.Step(step).label.lower())
    lock = InvoiceLock.objects.create(
        invoice=invoice, step=step, reason=reason, done_by=actor, done_at=clock.now()
    )
    action = "billing.lock_invoice" if step == InvoiceLock.Step.PLACED else "billing.unlock_invoice"
    audit.record(action, actor=actor, subject=invoice, facility=invoice.facility, reason=reason)
    return lock
