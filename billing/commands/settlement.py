"""Laying money against invoices, and taking it back."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Sum

from billing.commands.invoice import receivable, told
from billing.models import Invoice, Settlement
from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.money import CurrencyMismatch, Money
from hms_ach.refusal import Refusal
from ledger.commands import Posting


class OverSettled(Refusal):
    code = "over_settled"
    sentence = (
        "{amount} is more than the {open} still open on invoice {invoice}. "
        "Take at most {open}, or put the rest elsewhere."
    )


class InvoiceNotOpen(Refusal):
    code = "invoice_not_open"
    sentence = "Invoice {invoice} is {state}; it takes no payment. Choose an invoice that is issued and open."


class SettlementNotAboveZero(Refusal):
    code = "settlement_not_above_zero"
    status = 422
    sentence = "{amount} cannot be laid against an invoice. Give an amount above zero."


class TooLittleSettled(Refusal):
    code = "too_little_settled"
    sentence = "Only {laid} of {source} is left on invoice {invoice}, not {amount}. Take back at most that."


class NothingSettled(Refusal):
    code = "nothing_settled"
    sentence = "Nothing of {source} is left on invoice {invoice}; there is nothing to take back."


@dataclass(frozen=True, slots=True)
class Settled:
    """What a settlement left.

    remaining  what is still to pay
    credit     the posting on the receivable (a debit when money was taken back); the caller posts it
    """

    invoice: Invoice
    remaining: Money
    credit: Posting


@transaction.atomic
def settle_invoice(*, invoice_id: int, amount: Money, source: str, on: date, actor: User | None) -> Settled:
    """Lay an amount against an issued invoice and say which receivable it relieves.

    Whoever settles several invoices in one transaction does so in the order of their ids.

    source  public id of what pays, such as `pay_…`
    on      business day of the payment

    Raises SettlementNotAboveZero, CurrencyMismatch, InvoiceNotOpen and OverSettled.
    Emits `invoice.paid` when nothing is left.
    """
    invoice = _locked(invoice_id)
    if amount.minor <= 0:
        raise SettlementNotAboveZero(amount=amount)
    if amount.currency != invoice.currency:
        raise CurrencyMismatch(left=amount.currency, right=invoice.currency)
    if invoice.state not in (Invoice.State.ISSUED, Invoice.State.PAID):
        raise InvoiceNotOpen(invoice=invoice, state=invoice.get_state_display().lower())
    still_open = invoice.balance
    if amount > still_open:
        raise OverSettled(amount=amount, open=still_open, invoice=invoice)

    settled = _move(invoice, amount, source=source, on=on, actor=actor, reason="")
    if not settled.remaining:
        data = {**told(settled.invoice), "paid_on": str(on), "source": source}
        outbox.record("invoice.paid", subject=invoice.public_id, facility=invoice.facility, data=data)
    return settled


@transaction.atomic
def unsettle_invoice(
    *,
    source: str,
    invoice_id: int,
    on: date,
    actor: User | None,
    reason: str,
    amount: Money | None = None,
) -> Settled:
    """Take back what a source laid against an invoice, which is open again by that much.

    reason  such as "void: wrong patient" or "ACH return R01"
    amount  a part of it; all of it when None

    Raises NothingSettled when nothing of that source is left, TooLittleSettled when less than the part is.
    """
    invoice = _locked(invoice_id)
    laid = _laid(invoice, source)
    taken = amount or laid
    if taken > laid:
        raise TooLittleSettled(laid=laid, source=source, invoice=invoice, amount=taken)
    return _move(invoice, -taken, source=source, on=on, actor=actor, reason=reason)


@transaction.atomic
def pass_settlement_on(
    *, source: str, to: str, invoice_id: int, on: date, actor: User | None, reason: str
) -> Settled:
    """Let another source stand for all that one laid against an invoice; what is open stays as it is.

    For a receipt that is issued again: the invoice was paid and remains so, and nobody is told.
    Raises NothingSettled.
    """
    invoice = _locked(invoice_id)
    laid = _laid(invoice, source)
    for name, minor in ((source, -laid.minor), (to, laid.minor)):
        Settlement.objects.create(
            invoice=invoice,
            source=name,
            amount_minor=minor,
            settled_on=on,
            reason=reason,
            recorded_by=actor,
            recorded_at=clock.now(),
        )
    after = {"source": source, "to": to, "amount": laid.as_json()}
    audit.record(
        "billing.pass_settlement_on",
        actor=actor,
        subject=invoice,
        facility=invoice.facility,
        reason=reason,
        after=after,
    )
    return Settled(invoice=invoice, remaining=invoice.balance, credit=receivable(invoice, -laid))


def _laid(invoice: Invoice, source: str) -> Money:
    """What of a source is left on an invoice. Raises NothingSettled."""
    laid = invoice.settlements.filter(source=source).aggregate(minor=Sum("amount_minor"))["minor"] or 0
    if laid <= 0:
        raise NothingSettled(source=source, invoice=invoice)
    return Money(int(laid), invoice.currency)


def _locked(invoice_id: int) -> Invoice:
    rows = Invoice.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("facility", "patient").get(pk=invoice_id)


def _move(
    invoice: Invoice, amount: Money, *, source: str, on: date, actor: User | None, reason: str
) -> Settled:
    """Write the row and move the counter and the state with it, in the database's own arithmetic."""
    remaining = Money(invoice.total_minor - invoice.settled_minor, invoice.currency) - amount
    Settlement.objects.create(
        invoice=invoice,
        source=source,
        amount_minor=amount.minor,
        settled_on=on,
        reason=reason,
        recorded_by=actor,
        recorded_at=clock.now(),
    )
    invoice.state = Invoice.State.ISSUED if remaining else Invoice.State.PAID
    Invoice.objects.filter(pk=invoice.pk).update(
        settled_minor=F("settled_minor") + amount.minor, state=invoice.state
    )
    invoice.settled_minor = invoice.total_minor - remaining.minor
    action = "billing.unsettle_invoice" if reason else "billing.settle_invoice"
    after = {"source": source, "amount": amount.as_json(), "remaining": remaining.as_json()}
    audit.record(action, actor=actor, subject=invoice, facility=invoice.facility, reason=reason, after=after)
    return Settled(invoice=invoice, remaining=remaining, credit=receivable(invoice, -amount))
