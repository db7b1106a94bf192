"""The reading of what a payer keeps of a payment: gross less fee less chargebacks is the line."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

from reconciliation.engine.board import LARGE_CROWD, WIDE_DAYS, Board, Days, is_within
from reconciliation.engine.parts import Answer, Line, Unit
from reconciliation.rules.near import any_of_one_numbering
from reconciliation.rules.subsets import LARGEST_POOL

KEPT_MOST = 3
Sums = dict[int, list[tuple[Unit, ...]]]


def netted(board: Board) -> list[Answer]:
    """A line that pays units of a payer short by exactly what the payer takes back: chargebacks, returns.

    The line names the units, or says only who pays: then one unit alone. Nothing of other payers is kept.
    At most ten units and ten things taken back are looked at for a line; among more, a sum proves nothing.
    """
    rows = [unit for unit in board.units.values() if unit.amount < 0 and unit.payer]
    kept = Days(rows, lambda unit: (unit.payer,), lambda unit: unit.last)
    found: list[Answer] = []
    for line in board.lines.values() if rows else ():
        if line.amount > 0 and not line.repeats and not line.is_taken:
            found += _netted(board, line, kept)
    return found


def _netted(board: Board, line: Line, kept: Days[Unit]) -> list[Answer]:
    found, tested = [], 0
    sums: dict[str, Sums] = {}
    for paid in _paid(board, line, kept):
        payer = paid[0].payer
        if payer not in sums:
            sums[payer] = _sums(board, line, payer, kept)
        gross, fee = sum(unit.amount for unit in paid), sum(unit.fee for unit in paid)
        for shown in dict.fromkeys((gross, gross - fee)):
            tested += sum(len(each) for each in sums[payer].values())
            for taken in sums[payer].get(line.amount - shown, ()):
                found.append(_answer(board, line, paid, taken))
    is_named = any(unit.id in line.names for answer in found for unit in answer.units if unit.amount > 0)
    for answer in found:
        answer.risk = tested * board.facts.sum_chance(line) * (0.05 if is_named else 1)
        answer.considered = [["sums less what was taken back", tested]]
    return found


def _paid(board: Board, line: Line, kept: Days[Unit]) -> Iterator[tuple[Unit, ...]]:
    """What the line may be the payment of: all that it names, or each unit of who pays."""
    named = [board.units[each] for each in line.names if each in board.units]
    wanted = tuple(unit for unit in named if unit.amount > 0)
    if wanted:
        is_whole = len(named) == len(line.names) and len({unit.payer for unit in wanted}) == 1
        if is_whole and wanted[0].payer in kept.rows and all(unit.named_by == (line.id,) for unit in wanted):
            yield wanted
        return
    # Where something shows just this amount, nothing was kept of it.
    if (
        not (line.payers or line.terminals or line.who in board.facts.payers)
        or board.units_showing(line) != []
    ):
        return
    alone = [unit for unit in board.near_units(line) if _may_be_paid(board, line, unit, kept)]
    yield from ((unit,) for unit in alone if len(alone) <= LARGEST_POOL)


def _may_be_paid(board: Board, line: Line, unit: Unit, kept: Days[Unit]) -> bool:
    if unit.payer not in kept.rows or unit.named_by or not is_within(line, unit):
        return False
    keys = board.own_keys(line)
    if board.bears_the_next(keys, unit) or any_of_one_numbering(keys, unit.keys):
        return False
    return board.facts.knows_party(line, unit) and board.facts.fits(line, unit)


def _sums(board: Board, line: Line, payer: str, kept: Days[Unit]) -> Sums:
    """What one to three things that the payer may have taken back come to; all that the line names are in."""
    first, last = line.on - board.reach - WIDE_DAYS, line.on + board.lead + WIDE_DAYS
    near = kept.between(payer, first, last, LARGE_CROWD) or []
    pool = [unit for unit in near if _may_be_kept(line, unit)]
    must = {unit.id for unit in pool if unit.id in line.names}
    found: Sums = defaultdict(list)
    for size in range(1, KEPT_MOST + 1) if len(pool) <= LARGEST_POOL else ():
        for taken in combinations(pool, size):
            if must <= {unit.id for unit in taken}:
                found[sum(unit.amount for unit in taken)].append(taken)
    return dict(found)


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
    elif any(board.is_shown_by_another(unit, (line,)) for unit in paid):
        answer.against = "Another line shows just what was paid."
    return answer
