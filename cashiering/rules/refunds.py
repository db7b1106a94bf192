"""What a refund takes back of a payment: named by whoever asks, or the only thing it can be."""

from collections.abc import Mapping
from dataclasses import dataclass

from hms_ach.money import Money
from hms_ach.refusal import Refusal

# A cheque may come back unpaid for so many days after it was taken.
CHEQUE_HOLD_DAYS = 10


class RefundPartsAmbiguous(Refusal):
    code = "refund_parts_ambiguous"
    status = 422
    sentence = (
        "{amount} could come off more than one invoice of this payment. Say how much of which invoice, or "
        "of what is on account."
    )


class RefundTooLarge(Refusal):
    code = "refund_too_large"
    status = 422
    sentence = "Of {what} at most {left} can still go back, not {amount}. Lower the amount."


@dataclass(frozen=True, slots=True)
class Refundable:
    """What of a payment can still go back, by what it did: each invoice's id, and None for on account."""

    by_invoice: Mapping[int | None, Money]


def parts_of(amount: Money, refundable: Refundable) -> dict[int | None, Money]:
    """What a refund that names no part takes: what is on account, else the only invoice that it can be.

    All of what is left is taken from everything. Raises RefundTooLarge or RefundPartsAmbiguous.
    """
    left = {key: one for key, one in refundable.by_invoice.items() if one}
    whole = sum(one.minor for one in left.values())
    if amount.minor > whole:
        raise RefundTooLarge(what="this payment", left=Money(whole, amount.currency), amount=amount)
    if amount.minor == whole:
        return dict(left)
    on_account = left.get(None)
    if on_account is not None and on_account >= amount:
        return {None: amount}
    if len(left) > 1:
        raise RefundPartsAmbiguous(amount=amount)
    return {next(iter(left)): amount}
