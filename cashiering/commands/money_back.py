"""What a payment paid, taken back in part or whole: for money that the bank did not keep paid."""

from datetime import date

from django.db.models import F

from billing.commands import unsettle_invoice
from billing.queries import settled_by
from cashiering.commands.credit import account_posting
from cashiering.commands.locks import lock_credits_of
from cashiering.models import Credit, Payment
from hms_ach.access.models import User
from hms_ach.money import Money
from ledger.commands import Posting


def take_back(
    payment: Payment, amount: Money, *, on: date, actor: User, reason: str
) -> tuple[list[Posting], Money]:
    """The debits: on account while it is there, then invoice by invoice, the newest first; and what is left.

    What is left over was used or given back: the caller refuses, and nothing of this remains.
    For holders of the payment's lock. Opens the invoices again.
    """
    left = amount
    postings, kept = [], _from_account(payment, left)
    if kept:
        postings.append(account_posting(payment, kept.minor))
        left -= kept
    shares = []
    for laid in reversed(settled_by(payment.public_id)):
        part = min(left, laid.amount)
        if part:
            shares.append((laid.invoice_id, part))
            left -= part
    if left:
        return [], left
    for invoice_id, part in sorted(shares):
        reopened = unsettle_invoice(
            source=payment.public_id, invoice_id=invoice_id, amount=part, on=on, actor=actor, reason=reason
        )
        postings.append(reopened.credit)
    return postings, left


def _from_account(payment: Payment, most: Money) -> Money:
    """What the payment left on account and nobody used, up to the most; used from now on."""
    lock_credits_of(payment)
    credit = Credit.objects.filter(payment=payment).first()
    if credit is None:
        return Money.zero(most.currency)
    part = min(most, Money(credit.amount_minor - credit.used_minor, most.currency))
    Credit.objects.filter(pk=credit.pk).update(used_minor=F("used_minor") + part.minor)
    return part
