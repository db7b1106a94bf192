"""Rates of exchange as values: crossing one currency over another, and converting without a lost unit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal, localcontext
from itertools import pairwise

# A rate that moved by more than this factor within so many days is a slip of decimals or direction.
MOST_MOVE = 2
NEAR_DAYS = 31
# What a pair and its reverse may part by on one day.
_BOTH_WAYS = Decimal("0.05")
# As many decimals as the table of rates keeps.
TEN_DECIMALS = Decimal("1E-10")


@dataclass(frozen=True, slots=True)
class Quoted:
    """What a source says: how many units of quote one unit of base buys on a day.

    line  where it stands in its file; 0 for what was crossed
    via   the currency that it was crossed over, "" when the source says it itself
    """

    line: int
    on: date
    base: str
    quote: str
    rate: Decimal
    via: str = ""


def inverse(rate: Decimal) -> Decimal:
    """One unit of quote in units of base, to ten decimals, half to even."""
    return quotient(Decimal(1), rate)


def quotient(left: Decimal, right: Decimal) -> Decimal:
    """left ÷ right to ten decimals, half to even."""
    with localcontext() as context:
        context.prec = 50
        return (left / right).quantize(TEN_DECIMALS, rounding=ROUND_HALF_EVEN)


def crossed(quoted: Sequence[Quoted], targets: Iterable[str]) -> list[Quoted]:
    """Rates into each target that the source does not say itself: turned round, or over what it quotes from.

    A source that quotes everything from the euro gives yen to dollars as (euro to dollars) ÷ (euro to yen).
    What the source says goes before what can be computed; a rate of zero after rounding is left out.
    """
    said = {(each.on, each.base, each.quote): each for each in quoted}
    found: dict[tuple[date, str, str], Quoted] = {}
    for target in sorted(set(targets)):
        for each in quoted:
            for base, rate, via in _ways(each, target, said):
                key = (each.on, base, target)
                if base != target and key not in said and key not in found and rate:
                    found[key] = Quoted(0, each.on, base, target, rate, via)
    return list(found.values())


def _ways(each: Quoted, target: str, said: dict[tuple[date, str, str], Quoted]):
    """What this rate gives towards the target: (base, rate, via)."""
    if each.base == target:
        yield each.quote, inverse(each.rate), each.base
        return
    to_target = said.get((each.on, each.base, target))
    if to_target is not None and each.quote != target:
        yield each.quote, quotient(to_target.rate, each.rate), each.base


def doubts(quoted: Sequence[Quoted], known: Iterable[Quoted], *, today: date) -> list[tuple[Quoted, str]]:
    """What no source would say, each with why: two rates of a pair for one day, a day far ahead, far from the
    rate before, or a pair that contradicts its reverse. known are rates that stand already; only the nearest
    day before counts.
    """
    found = []
    said: dict[tuple[date, str, str], Quoted] = {}
    for each in quoted:
        said.setdefault((each.on, each.base, each.quote), each)
    before = _before(quoted, known)
    for each in quoted:
        last = before.get((each.on, each.base, each.quote))
        back = said.get((each.on, each.quote, each.base))
        first = said[each.on, each.base, each.quote]
        if first.rate != each.rate:
            found.append((each, f"it is said to be {first.rate.normalize():f} on the same day too"))
        elif (each.on - today).days > NEAR_DAYS:
            found.append((each, f"its day lies more than {NEAR_DAYS} days ahead"))
        elif back is not None and abs(each.rate * back.rate - 1) > _BOTH_WAYS:
            found.append((each, f"{back.base} to {back.quote} is {back.rate.normalize():f} on the same day"))
        elif last is not None and not last.rate / MOST_MOVE <= each.rate <= last.rate * MOST_MOVE:
            found.append((each, f"it was {last.rate.normalize():f} on {last.on}"))
    return found


def _before(quoted: Sequence[Quoted], known: Iterable[Quoted]) -> dict[tuple[date, str, str], Quoted]:
    """By day and pair, the nearest earlier rate; of a day that has one already, that one."""
    by_pair: dict[tuple[str, str], dict[date, Quoted]] = {}
    for each in (*quoted, *known):
        by_pair.setdefault((each.base, each.quote), {})[each.on] = each
    found = {}
    standing = {(each.base, each.quote, each.on): each for each in known}
    for (base, quote), days in by_pair.items():
        order = sorted(days)
        for earlier, day in pairwise(order):
            if (day - earlier).days <= NEAR_DAYS:
                found[day, base, quote] = days[earlier]
    return found | {(on, base, quote): each for (base, quote, on), each in standing.items()}


def converted(amounts: Sequence[int], minor_rate: Decimal) -> list[int]:
    """Minor units in another currency's, so that amounts that sum to zero still do.

    Each is rounded down, and the units then missing go to the largest remainders, earlier ones first:
    as ledger/commands/sql/post_entry.sql does it.
    """
    with localcontext() as context:
        context.prec = 50
        exact = [Decimal(amount) * minor_rate for amount in amounts]
        floors = [int(value // 1) - (1 if value < 0 and value % 1 else 0) for value in exact]
        remainders = [value - floor for value, floor in zip(exact, floors, strict=True)]
        missing = int(sum(remainders))
    order = sorted(range(len(amounts)), key=lambda n: (-remainders[n], n))
    given = set(order[:missing])
    return [floor + (n in given) for n, floor in enumerate(floors)]


def relieved(*, amount: int, functional: int, settled: int) -> tuple[int, int]:
    """How much of an item a settlement takes away: (amount, functional) of the part relieved.

    amount, functional  what the item carries in its own and in the functional currency
    settled             what is posted against it, of the other sign; nothing is relieved otherwise

    The last settlement takes all that is left, so that no unit stays behind.
    """
    if amount * settled >= 0:
        return 0, 0
    if abs(settled) >= abs(amount):
        return amount, functional
    part = (Decimal(functional) * -settled / amount).quantize(Decimal(1), rounding=ROUND_HALF_EVEN)
    return -settled, int(part)
