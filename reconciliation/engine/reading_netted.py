"""The reading of what a payer keeps of a payment: gross less fee less chargebacks is the line."""

from collections import defaultdict
from collections.abc import Iterator

from reconciliation.engine.board import WIDE_DAYS, Board, is_within
from reconciliation.engine.parts import Answer, Line, Unit
from reconciliation.rules.subsets import LARGEST_POOL, count_of_sums, subsets_with_sum

KEPT_MOST = 3


def netted(board: Board) -> list[Answer]:
    """A line that pays units of a payer short by exactly what the payer takes back: chargebacks, returns.

    The line names the units, or says only who pays: then one unit alone. Nothing of other payers is kept.
    """
    kept = defaultdict(list)
    for unit in board.units.values():
        if unit.amount < 0 and unit.payer:
            kept[unit.payer].append(unit)
    found: list[Answer] = []
    for line in board.lines.values() if kept else ():
        if line.amount > 0 and not line.repeats and not line.is_taken:
            found += _netted(board, line, kept)
    return found


def _netted(board: Board, line: Line, kept: dict[str, list[Unit]]) -> list[Answer]:
    found, tested = [], 0
    for paid in _paid(board, line, kept):
        pool = [unit for unit in kept[paid[0].payer] if _may_be_kept(line, unit)]
        must = {unit.id for unit in pool if unit.id in line.names}
        if len(pool) > LARGEST_POOL:
            return []
        gross, fee = sum(unit.amount for unit in paid), sum(unit.fee for unit in paid)
        for shown in dict.fromkeys((gross, gross - fee)):
            tested += count_of_sums(len(pool), largest=KEPT_MOST, smallest=1)
            for chosen in subsets_with_sum(
                [unit.amount for unit in pool], line.amount - shown, largest=KEPT_MOST, smallest=1
            ):
                taken = tuple(pool[n] for n in chosen)
                if must <= {unit.id for unit in taken}:
                    found.append(_answer(board, line, paid, taken))
    is_named = any(unit.id in line.names for answer in found for unit in answer.units if unit.amount > 0)
    for answer in found:
        answer.risk = tested * board.facts.sum_chance(line) * (0.05 if is_named else 1)
        answer.considered = [["sums less what was taken back", tested]]
    return found


def _paid(board: Board, line: Line, kept: dict[str, list[Unit]]) -> Iterator[tuple[Unit, ...]]:
    """What the line may be the payment of: all that it names, or each unit of who pays."""
    named = [board.units[each] for each in line.names if each in board.units]
    wanted = tuple(unit for unit in named if unit.amount > 0)
    if wanted:
        is_whole = len(named) == len(line.names) and len({unit.payer for unit in wanted}) == 1
        if is_whole and wanted[0].payer in kept and all(unit.named_by == (line.id,) for unit in wanted):
            yield wanted
        return
    # Where something shows just this amount, nothing was kept of it.
    if board.units_showing(line) != []:
        return
    for unit in board.near_units(line):
        is_theirs = unit.payer in kept and board.facts.knows_party(line, unit)
        if is_theirs and not unit.named_by and is_within(line, unit) and board.facts.fits(line, unit):
            yield (unit,)


def _may_be_kept(line: Line, unit: Unit) -> bool:
    if any(each != line.id for each in unit.named_by) or line.apart.intersection(unit.members):
        return False
    return is_within(line, unit, WIDE_DAYS)


def _answer(board: Board, line: Line, paid: tuple[Unit, ...], taken: tuple[Unit, ...]) -> Answer:
    fee = sum(unit.amount for unit in (*paid, *taken)) - line.amount
    is_named = all(unit.id in line.names for unit in paid)
    reasons = ["reference equal" if is_named else "paid by the same"]
    words = "what the payer took back" + (" and the contracted fee" if fee else "")
    reasons += [f"amount equal less {words}", f"{len(taken)} taken back, the only ones that make up the rest"]
    answer = Answer("netted", 84 if is_named else 77, (line,), (*paid, *taken), reasons, fee=fee)
    if any(board.lines_showing(unit) != [] for unit in taken):
        answer.against = "The bank shows what was taken back by itself, too."
    return answer
