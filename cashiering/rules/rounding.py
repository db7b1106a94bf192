"""Cash to the smallest coin: only what is paid in cash is rounded, and what is owed stays exact."""

from collections.abc import Sequence

from cashiering.rules.tenders import TenderGiven
from hms_ach.money import Money, total


def to_coins(amount: Money, coin: int) -> Money:
    """The nearest multiple of the smallest coin; halfway between two it is the lower one, for the payer.

    coin  in minor units; 1 rounds nothing
    """
    down = amount.minor // coin * coin
    return Money(down + coin if (amount.minor - down) * 2 > coin else down, amount.currency)


def cash_rounding(due: Money, given: Sequence[TenderGiven], coin: int) -> Money:
    """What cash pays more than is due, or less (below zero), because there is no smaller coin.

    Zero without cash, when other tenders pay all of it, and when what is left for cash is less than half a
    coin: that is not paid in cash at all. Foreign cash is worth any amount, so there its change is rounded.
    """
    zero = Money.zero(due.currency)
    if any(one.foreign for one in given):
        return _of_change(due, given, coin)
    others = [one.tendered for one in given if one.kind != "CASH"]
    in_cash = due - total(others, due.currency)
    if coin <= 1 or len(others) == len(given) or in_cash <= zero:
        return zero
    rounded = to_coins(in_cash, coin)
    return rounded - in_cash if rounded else zero


def coins_back(amount: Money, coin: int) -> Money:
    """What cash gives back for an amount: the nearest multiple of the coin; halfway the higher one."""
    return -to_coins(-amount, coin)


def _of_change(due: Money, given: Sequence[TenderGiven], coin: int) -> Money:
    """The change to the nearest coin, halfway the higher one; what is missing yet, likewise."""
    exact = total([one.tendered for one in given], due.currency) - due
    return exact - coins_back(exact, coin)
