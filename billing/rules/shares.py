"""Splitting the same charges between several responsible parties without losing a cent."""

from collections.abc import Sequence
from dataclasses import dataclass

from hms_ach.money import Money, total
from hms_ach.refusal import Refusal


class SharesDoNotAddUp(Refusal):
    code = "shares_do_not_add_up"
    status = 422
    sentence = (
        "The parties' shares come to {shares}, the charges to {total}. Make them equal, or give a weight."
    )


class ShareEmpty(Refusal):
    code = "share_empty"
    status = 422
    sentence = "Party {party} would pay nothing. Leave it out, or give it a share above zero."


@dataclass(frozen=True, slots=True)
class Share:
    """What one party pays: a fixed amount, or a weight in what the fixed amounts leave."""

    amount: Money | None = None
    weight: int = 0


def split_lines(lines: Sequence[Money], shares: Sequence[Share]) -> list[list[Money]]:
    """For each party its part of each line; the parts of a line always sum to the line.

    Fixed amounts come first, weights share the rest (largest remainder), and each party's amount is
    spread over the lines in proportion to what is left of them.

    Raises SharesDoNotAddUp and ShareEmpty.
    """
    left = list(lines)
    parts = []
    for amount in _amounts(total(lines, lines[0].currency), shares):
        part = amount.split([line.minor for line in left])
        left = [line - taken for line, taken in zip(left, part, strict=True)]
        parts.append(part)
    return parts


def _amounts(whole: Money, shares: Sequence[Share]) -> list[Money]:
    """Each party's amount; their sum is the whole."""
    fixed = total([share.amount for share in shares if share.amount is not None], whole.currency)
    rest, weights = whole - fixed, [share.weight for share in shares if share.amount is None]
    if rest.minor < 0 or (rest and not sum(weights)):
        raise SharesDoNotAddUp(shares=fixed, total=whole)
    by_weight = iter(rest.split(weights) if sum(weights) else [Money.zero(whole.currency)] * len(weights))
    amounts = [share.amount if share.amount is not None else next(by_weight) for share in shares]
    for party, amount in enumerate(amounts, start=1):
        if amount.minor <= 0:
            raise ShareEmpty(party=party)
    return amounts
