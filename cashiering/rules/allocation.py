"""What of a payment goes to which invoice."""

from collections.abc import Sequence
from dataclasses import dataclass

from hms_ach.money import CurrencyMismatch, Money
from hms_ach.refusal import Refusal


class BalanceChanged(Refusal):
    code = "balance_changed"
    sentence = (
        "Invoice {invoice} was {old} when you looked and is {new} now. Look again, then take what is due now."
    )


class AllocationTwice(Refusal):
    code = "allocation_twice"
    status = 422
    sentence = "An invoice stands twice in the payment. Name each invoice once, with the whole amount."


class AllocationNotPositive(Refusal):
    code = "allocation_not_positive"
    status = 422
    sentence = "{amount} is not a payment. Pay more than zero; to give money back, ask for a refund instead."


@dataclass(frozen=True, slots=True)
class AllocationAsked:
    """An amount for an invoice.

    balance_seen  what was due when the payer was told; a different balance refuses the payment
    """

    invoice_id: int
    amount: Money
    balance_seen: Money | None = None


def asked_in_order(
    allocations: Sequence[AllocationAsked | tuple[int, Money]], currency: str
) -> list[AllocationAsked]:
    """The allocations by invoice id, the order in which invoices are locked.

    Raises AllocationTwice, AllocationNotPositive or CurrencyMismatch.
    """
    asked = [one if isinstance(one, AllocationAsked) else AllocationAsked(*one) for one in allocations]
    for one in asked:
        if one.amount.currency != currency:
            raise CurrencyMismatch(left=one.amount.currency, right=currency)
        if one.amount.minor <= 0:
            raise AllocationNotPositive(amount=one.amount)
    if len({one.invoice_id for one in asked}) < len(asked):
        raise AllocationTwice()
    return sorted(asked, key=lambda one: one.invoice_id)


def spread_over(balances: Sequence[Money], paid: Money) -> list[Money]:
    """What each balance gets when money is laid against them in this order: each in full while it lasts."""
    parts = []
    for balance in balances:
        part = min(balance, paid)
        parts.append(part)
        paid -= part
    return parts
