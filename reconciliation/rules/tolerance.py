"""What a bank may show more or less than expected, by kind of item, and where the difference belongs."""

import re
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tolerance:
    """largest_minor and share (of the amount) both bound it; is_short_only: the bank may only show less."""

    words: re.Pattern[str]
    role: str
    reason: str
    largest_minor: int
    share: float
    is_short_only: bool = False


@dataclass(frozen=True, slots=True)
class Tolerated:
    """fee_minor is the contracted part; difference_minor the rest, as posted: a debit is positive."""

    fee_minor: int
    difference_minor: int
    role: str
    reason: str


# What hospitals commonly allow: a trial's default. A live account tolerates what was set for it.
COMMON = (
    Tolerance(re.compile("card|merchant|terminal|portal|payout|processor", re.I), "fee.merchant",
              "within what a processor may keep", 500_00, 0.01, is_short_only=True),
    Tolerance(re.compile("cash|bag|drop|deposit|cheque|check|lockbox", re.I), "cash.over_short",
              "within what the bank's count may differ", 20_00, 0.05),
    Tolerance(re.compile("wire", re.I), "fee.merchant",
              "within what banks keep of a wire", 50_00, 0.05, is_short_only=True),
)  # fmt: skip


def tolerated(
    tolerances: Sequence[Tolerance], kind: str, *, amount_minor: int, fee_minor: int, shown_minor: int
) -> Tolerated | None:
    """How the difference would be posted, or None when the kind tolerates none so large."""
    allowed = next((each for each in tolerances if each.words.search(kind)), None)
    if allowed is None or not amount_minor:
        return None
    fee = (
        fee_minor
        if fee_minor and abs(amount_minor - fee_minor - shown_minor) < abs(amount_minor - shown_minor)
        else 0
    )
    difference = amount_minor - fee - shown_minor
    if allowed.is_short_only and difference < 0:
        return None
    if abs(difference) > min(allowed.largest_minor, abs(amount_minor) * allowed.share):
        return None
    return Tolerated(fee, difference, allowed.role, allowed.reason)
