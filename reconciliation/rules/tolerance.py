"""What a bank may show more or less than expected, by kind of item, and where the difference belongs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Direction(StrEnum):
    """What the account may get, beside what was expected."""

    LESS = "LESS"
    MORE = "MORE"
    EITHER = "EITHER"


@dataclass(frozen=True, slots=True)
class Tolerance:
    """largest_minor and per_mille (of the amount; None for no share) both bound the difference."""

    words: re.Pattern[str]
    role: str
    reason: str
    largest_minor: int
    per_mille: int | None = None
    direction: Direction = Direction.EITHER


@dataclass(frozen=True, slots=True)
class Tolerated:
    """fee_minor is the contracted part; difference_minor the rest, as posted: a debit is positive."""

    fee_minor: int
    difference_minor: int
    role: str
    reason: str


# What hospitals commonly allow: a trial's default. A live account tolerates what was approved for it.
COMMON = (
    Tolerance(re.compile("card|merchant|terminal|portal|payout|processor", re.I), "fee.merchant",
              "within what a processor may keep", 500_00, 10, Direction.LESS),
    Tolerance(re.compile("cash|bag|drop|deposit|cheque|check|lockbox", re.I), "cash.over_short",
              "within what the bank's count may differ", 20_00, 50),
    Tolerance(re.compile("wire", re.I), "fee.merchant",
              "within what banks keep of a wire", 50_00, 50, Direction.LESS),
)  # fmt: skip

# An insurer's trace with another amount is the insurer's own adjustment: it belongs to the remittance.
_NEVER = re.compile("remit|(?<![a-z])(eft|era|835)(?![a-z])", re.I)

_CHARGES = ("fee.merchant", "write_off.bank_difference")

# Kinds of item of a live account for which a tolerance may be set, and the account roles that may take the
# difference. Not among them: a remittance, whose other amount is the insurer's own adjustment, and what an
# ACH file announces (`ach_file`, `ach_return`), which ACH moves to the cent.
TOLERABLE = {
    "deposit": ("cash.over_short", "write_off.bank_difference"),
    "card_batch": _CHARGES,
    "payment": _CHARGES,
    "refund": _CHARGES,
    "cheque_return": _CHARGES,
    "suspense_clearing": _CHARGES,
}
KINDS = {
    "deposit": "Deposits",
    "card_batch": "Card batches",
    "payment": "Transfers from payers",
    "refund": "Refunds by transfer",
    "cheque_return": "Returned cheques",
    "suspense_clearing": "What is given back from suspense",
}
# Of these a bank on the way keeps its charges, and never adds anything: the account gets less.
CHARGED = ("payment", "refund", "cheque_return", "suspense_clearing")
MOST_PER_MILLE = 50


def tolerated(
    tolerances: Sequence[Tolerance], kind: str, *, amount_minor: int, fee_minor: int, shown_minor: int
) -> Tolerated | None:
    """How the difference would be posted, or None when the kind tolerates none so large."""
    allowed = next((each for each in tolerances if each.words.search(kind)), None)
    if allowed is None or not amount_minor or _NEVER.search(kind):
        return None
    fee = (
        fee_minor
        if fee_minor and abs(amount_minor - fee_minor - shown_minor) < abs(amount_minor - shown_minor)
        else 0
    )
    difference = amount_minor - fee - shown_minor
    if difference * {Direction.LESS: -1, Direction.MORE: 1}.get(allowed.direction, 0) > 0:
        return None
    if abs(difference) > allowed.largest_minor:
        return None
    if allowed.per_mille is not None and abs(difference) * 1000 > abs(amount_minor) * allowed.per_mille:
        return None
    return Tolerated(fee, difference, allowed.role, allowed.reason)
