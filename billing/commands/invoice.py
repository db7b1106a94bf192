"""Issuing invoices, and cancelling them."""

from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction

from billing.commands.draft import InvoiceNotDraft, locked_invoice, release_charges
from billing.models import Invoice, InvoiceCancellation, InvoiceLine, InvoiceLock, PayerClass
from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.access.queries import has_permission
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from hms_ach.sql import next_number
from ledger.commands import Posting, post_entry, reverse_entry

TERM_DAYS = 30
FREE_CANCEL = timedelta(minutes=30)


class InvoiceNotIssued(Refusal):
    code = "invoice_not_issued"
    sentence = "Invoice {invoice} is {state}. Only an issued invoice can be cancelled; a draft is discarded."


class InvoiceHasSettlements(Refusal):
    code = "invoice_has_settlements"
    sentence = "{settled} is settled on invoice {invoice}. Void or refund those payments, then cancel it."


class FreeCancelOver(Refusal):
    code = "free_cancel_over"
    status = 403
    sentence = (
        "Invoice {invoice} can be cancelled by whoever issued it within {minutes} minutes. "
        "Ask somebody who may cancel any invoice."
    )


class InvoiceLocked(Refusal):
    code = "invoice_locked"
    sentence = "Invoice {invoice} is locked: {reason}. Ask for the lock to be released first."


@transaction.atomic
def issue_invoice(*, invoice_id: int, on: date, actor: User, term_days: int = TERM_DAYS) -> Invoice:
    """Number a draft, freeze it and move its charges from unbilled to the party's receivable.

    on         business day of the facility; the issue date and the entry's effective date
    term_days  days from issue until payment is due

    Raises InvoiceNotDraft. Emits `invoice.issued`.
    """
    invoice = locked_invoice(invoice_id)
    if invoice.state != Invoice.State.DRAFT:
        raise InvoiceNotDraft(invoice=invoice, state=invoice.get_state_display().lower())

    number = next_number(series="invoice", facility_id=invoice.facility_id, year=on.year)
    invoice.number = f"{invoice.facility.code}-{on.year}-{number:06d}"
    invoice.state = Invoice.State.ISSUED
    invoice.issued_on, invoice.due_on = on, on + timedelta(days=term_days)
    invoice.issued_by, invoice.issued_at = actor, clock.now()
    _freeze_parties(invoice)
    invoice.save()

    post_entry(
        key=_key(invoice),
        facility=invoice.facility,
        effective_on=on,
        source=("invoice", invoice.public_id),
        memo=invoice.number,
        postings=_issue_postings(invoice),
        actor=actor,
    )
    audit.record(
        "billing.issue_invoice",
        actor=actor,
        subject=invoice,
        facility=invoice.facility,
        after={"number": invoice.number, "total": invoice.total.as_json()},
    )
    outbox.record("invoice.issued", subject=invoice.public_id, facility=invoice.facility, data=told(invoice))
    return invoice


@transaction.atomic
def cancel_invoice(*, invoice_id: int, reason_code: str, reason: str, on: date, actor: User) -> Invoice:
    """Cancel an issued invoice by reversing its entry; its charges are billable again.

    Whoever issued it may do so for half an hour; afterwards `billing.cancel_any_invoice` is needed.

    Raises InvoiceNotIssued, InvoiceHasSettlements, InvoiceLocked and FreeCancelOver.
    Emits `invoice.cancelled`.
    """
    invoice = locked_invoice(invoice_id)
    if invoice.settled_minor:
        settled = Money(invoice.settled_minor, invoice.currency)
        raise InvoiceHasSettlements(invoice=invoice, settled=settled)
    if invoice.state != Invoice.State.ISSUED:
        raise InvoiceNotIssued(invoice=invoice, state=invoice.get_state_display().lower())
    refuse_locked(invoice)
    assert invoice.issued_at is not None
    in_window = invoice.issued_by_id == actor.pk and clock.now() - invoice.issued_at <= FREE_CANCEL
    if not in_window and not has_permission(actor, "billing.cancel_any_invoice"):
        raise FreeCancelOver(invoice=invoice, minutes=int(FREE_CANCEL.total_seconds() // 60))

    invoice.state = Invoice.State.CANCELLED
    invoice.save(update_fields=["state"])
    InvoiceCancellation.objects.create(
        invoice=invoice,
        reason_code=InvoiceCancellation.Reason(reason_code),
        reason=reason,
        cancelled_on=on,
        cancelled_by=actor,
        cancelled_at=clock.now(),
    )
    release_charges(invoice)
    reverse_entry(
        original=_key(invoice),
        key=f"invoice.cancelled:{invoice.public_id}",
        effective_on=on,
        memo=f"{invoice.number} cancelled",
        source=("invoice", invoice.public_id),
        actor=actor,
    )
    audit.record(
        "billing.cancel_invoice", actor=actor, subject=invoice, facility=invoice.facility, reason=reason
    )
    cancelled = {**told(invoice), "reason_code": reason_code, "cancelled_on": str(on)}
    outbox.record("invoice.cancelled", subject=invoice.public_id, facility=invoice.facility, data=cancelled)
    return invoice


def told(invoice: Invoice) -> dict:
    """What events say of an invoice: ids, dates and amounts, nobody's name."""
    return {
        "invoice": invoice.public_id,
        "bill": invoice.bill_id,
        "number": invoice.number,
        "kind": invoice.kind,
        "state": invoice.state,
        "patient": invoice.patient.public_id,
        "total": invoice.total.as_json(),
        "issued_on": str(invoice.issued_on),
        "due_on": str(invoice.due_on),
    }


def receivable(invoice: Invoice, amount: Money) -> Posting:
    """A posting on the invoice's receivable; a debit raises what is owed."""
    return Posting(
        f"receivable.{invoice.kind.lower()}",
        amount,
        reference=invoice.public_id,
        payer_class=invoice.payer_class,
        payer=invoice.payer_code,
    )


def refuse_locked(invoice: Invoice) -> None:
    """Raises InvoiceLocked while the last step of its locks is a placed one."""
    last = invoice.locks.order_by("id").last()
    if last and last.step == InvoiceLock.Step.PLACED:
        raise InvoiceLocked(invoice=invoice, reason=last.reason)


def _freeze_parties(invoice: Invoice) -> None:
    """Copy the names and addresses that the document shows, as they are today."""
    patient, debtor, payer = invoice.patient, invoice.debtor, invoice.payer
    invoice.facility_name = invoice.facility.name
    invoice.facility_address = invoice.facility.address
    invoice.patient_name = patient.name
    invoice.patient_mrn = patient.mrn
    billed_to = payer or debtor
    assert billed_to is not None
    invoice.bill_to_name = billed_to.name
    invoice.bill_to_address = billed_to.address
    invoice.payer_class = payer.payer_class if payer else PayerClass.SELF_PAY
    invoice.payer_code = payer.code if payer else ""


def _issue_postings(invoice: Invoice) -> Sequence[Posting]:
    """Dr the party's receivable, Cr unbilled for each charge."""
    rows = InvoiceLine.objects.filter(invoice=invoice).select_related("charge__department").order_by("line")
    unbilled = [
        Posting(
            "receivable.unbilled",
            Money(-row.amount_minor, invoice.currency),
            reference=row.charge.public_id,
            department=row.charge.department,
            payer_class=row.charge.payer_class,
        )
        for row in rows
    ]
    return [receivable(invoice, invoice.total), *unbilled]


def _key(invoice: Invoice) -> str:
    return f"invoice.issued:{invoice.public_id}"
