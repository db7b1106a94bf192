"""What is left, as ranked suggestions: at most nine for a line, each with why and why not."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from reconciliation.engine.board import Board
from reconciliation.engine.parts import Answer, Line, Unit, date_told

MOST = 9
NEAR_SHARE = 0.05


@dataclass(slots=True)
class Ranked:
    """Units that a line may be, with why and what spoke against it. members: their items."""

    units: tuple[Unit, ...]
    pass_name: str
    score: int
    reasons: list[str] = field(default_factory=list)
    against: str = ""

    @property
    def members(self) -> list[int]:
        return [member for unit in self.units for member in unit.members]


def suggestions_of(board: Board) -> Iterator[tuple[Line, list[Ranked]]]:
    """For each open line its suggestions, the best first. Bounded for each line."""
    refused: dict[int, list[Answer]] = {}
    for answer in board.refused:
        for line in answer.lines:
            refused.setdefault(line.id, []).append(answer)
    for line in sorted(board.lines.values(), key=lambda each: each.id):
        ranked = {
            tuple(unit.id for unit in each.units): each for each in reversed(_all(board, line, refused))
        }
        best = sorted(ranked.values(), key=lambda each: (-each.score, [unit.id for unit in each.units]))[
            :MOST
        ]
        if best:
            yield line, best


def _all(board: Board, line: Line, refused: dict[int, list[Answer]]) -> list[Ranked]:
    """The strongest reading of a set of units stands first."""
    found = [
        Ranked(answer.units, answer.pass_name, answer.score - 8, answer.reasons, answer.against)
        for answer in refused.get(line.id, ())
        if answer.units and all(unit.id in board.units for unit in answer.units)
    ]
    named = [board.units[each] for each in line.names if each in board.units]
    found += [_named(line, unit) for unit in named]
    near = board.units_showing(line)
    if near is None:
        near = board.by_amount.few(line.amount, line.on - 1, line.on + 1, MOST)
    found += [_by_amount(board, line, unit, len(near)) for unit in near]
    if not found:
        found = _by_near_amount(board, line)
    return sorted(found, key=lambda each: -each.score)


def _named(line: Line, unit: Unit) -> Ranked:
    is_equal = line.amount in unit.shown
    is_apart = bool(line.apart.intersection(unit.members))
    reasons = ["reference equal", "amount equal" if is_equal else "amount differs"]
    if is_apart:
        against = "The line bears the name or number of somebody else, or a person took them apart."
    elif is_equal:
        against = "The reference or the amount fits others too, or the date is far off."
    else:
        against = "The amounts differ."
    return Ranked((unit,), "reference", 75 if is_equal else 60, reasons, against)


def _by_amount(board: Board, line: Line, unit: Unit, rivals: int) -> Ranked:
    days = line.on - unit.last
    reasons = ["amount equal" if line.amount == unit.amount else "amount equal less the contracted fee"]
    score = 50 - min(20, abs(days))
    if board.facts.knows_party(line, unit):
        reasons.append("paid by the same")
        score += 8
    reasons.append(date_told(days))
    against = (
        "Others have the same amount."
        if rivals > 1
        else "The date, a reference or the odds speak against it."
    )
    return Ranked((unit,), "amount", score, reasons, against)


def _by_near_amount(board: Board, line: Line) -> list[Ranked]:
    found = []
    for unit in board.near_units(line):
        if line.amount and abs(unit.amount - line.amount) <= abs(line.amount) * NEAR_SHARE:
            days = line.on - unit.last
            score = 30 - min(10, abs(days)) + (8 if board.facts.knows_party(line, unit) else 0)
            reasons = ["amount within five per cent", date_told(days)]
            found.append(Ranked((unit,), "near_amount", score, reasons, "The amounts differ."))
    return sorted(found, key=lambda each: -each.score)[:3]
