"""Readings by references: sums of what a line names, differences that are tolerated, corrections."""

from collections import Counter, defaultdict

from reconciliation.engine.board import CROWD, WIDE_DAYS, Board, is_within
from reconciliation.engine.parts import Answer, Line, Unit
from reconciliation.rules.tolerance import tolerated


def named_sums(board: Board) -> list[Answer]:
    """A line that names several units and pays their sum; or lines that name one unit and make it up."""
    found = []
    by_unit: dict[int, list[Line]] = defaultdict(list)
    for line in board.lines.values():
        units = [board.units[each] for each in line.names if each in board.units]
        if len(units) == len(line.names) == 1:
            by_unit[units[0].id].append(line)
        may_be_sum = 2 <= len(units) <= 50 and not line.repeats and not line.is_taken
        if may_be_sum and len(units) == len(line.names):
            gross, fee = sum(unit.amount for unit in units), sum(unit.fee for unit in units)
            is_one = any(line.amount in unit.shown for unit in units)
            if line.amount in (gross, gross - fee) and not is_one:
                reasons = [f"references of {len(units)} items", "their sum equals the amount"]
                found.append(
                    Answer("reference_sum", 92, (line,), tuple(units), reasons, fee=gross - line.amount)
                )
    for unit_id, lines in by_unit.items():
        unit = board.units[unit_id]
        if 2 <= len(lines) <= 20 and len(unit.named_by) == len(lines):
            total = sum(line.amount for line in lines)
            if total in unit.shown:
                reasons = [f"{len(lines)} lines with its reference", "their sum equals the amount"]
                answer = Answer(
                    "reference_split", 90, tuple(lines), (unit,), reasons, fee=unit.amount - total
                )
                if _may_be_there_twice(lines, unit):
                    answer.against = "Two of its lines say the same, and pay one of its items each."
                found.append(answer)
    return found


def _may_be_there_twice(lines: list[Line], unit: Unit) -> bool:
    """One of two equal lines may repeat the other, and fill the place of an equal item's line."""
    said = Counter((line.amount, line.who, line.keys) for line in lines if line.amount in unit.parts)
    return any(count > 1 for count in said.values())


def differences(board: Board) -> list[Answer]:
    """A line and a unit that name each other alone, and differ by what their kind tolerates.

    Not where something else fits to the cent, though without a name: then two answers fit.
    """
    found = []
    for line in board.lines.values():
        if line.repeats or line.is_taken or len(line.names) != 1:
            continue
        unit = board.units.get(line.names[0])
        if unit is None or unit.named_by != (line.id,) or (line.amount < 0) != (unit.amount < 0):
            continue
        allowed = tolerated(
            board.facts.tolerances,
            unit.kind,
            amount_minor=unit.amount,
            fee_minor=unit.fee,
            shown_minor=line.amount,
        )
        if allowed is None:
            continue
        reasons = [
            "reference equal, named by nothing else",
            f"amount differs by {abs(allowed.difference_minor)} minor units",
            allowed.reason,
        ]
        answer = Answer(
            "difference",
            78,
            (line,),
            (unit,),
            reasons,
            fee=allowed.fee_minor,
            difference=allowed.difference_minor,
            role=allowed.role,
        )
        if not is_within(line, unit, WIDE_DAYS):
            answer.against = "The date is far from the window."
        elif _is_exact_elsewhere(board, line, unit):
            answer.against = "Something else shows exactly this amount."
        elif abs(allowed.difference_minor) in unit.parts:
            answer.against = "The difference is one of its items: it is missing, or was entered twice."
        elif _is_there(board, line, unit):
            answer.against = "Something else open is just the difference."
        found.append(answer)
    return found


def _is_exact_elsewhere(board: Board, line: Line, unit: Unit) -> bool:
    """Another unit that nobody names shows the line's amount, or another nameless line the unit's."""
    units, lines = board.units_showing(line), board.lines_showing(unit)
    if units is None or lines is None:
        return True
    return any(other is not unit and not other.named_by for other in units) or any(
        other is not line and not other.names and not other.is_taken for other in lines
    )


def _is_there(board: Board, line: Line, unit: Unit) -> bool:
    """Another unit makes up the rest of the line, or another nameless line that of the unit."""
    first, last = line.on - board.reach, line.on + board.lead
    for shown in unit.shown:
        rest = line.amount - shown
        units = board.by_amount.between(rest, first, last, CROWD)
        lines = board.lines_by_amount.between(-rest, unit.low, unit.high, CROWD)
        if units is None or lines is None:
            return True
        # What is of the other sign takes back, or is taken back: no fitting of signs is asked.
        if any(
            not other.named_by and ((rest < 0) != (line.amount < 0) or board.facts.fits(line, other))
            for other in units
        ):
            return True
        if any(
            not other.names
            and not other.is_taken
            and ((rest > 0) == (unit.amount > 0) or board.facts.fits(other, unit))
            for other in lines
        ):
            return True
    return False


def corrections(board: Board) -> list[Answer]:
    """A line that takes back one that repeats another, as the bank's own references say; or one whose
    references name only what another line has settled: the bank booked it wrongly.
    """
    by_keys: dict[tuple, list[Line]] = defaultdict(list)
    for line in board.lines.values():
        if line.keys and (line.repeats or _is_of_settled(board, line)):
            by_keys[line.keys, -line.amount].append(line)
    found = []
    for line in board.lines.values():
        for wrong in by_keys.get((line.keys, line.amount), ()) if line.keys else ():
            if 0 <= line.on - wrong.on <= 30 and (wrong.repeats or wrong.on < line.on or line.amount < 0):
                what = "repeated another" if wrong.repeats else "names what another line pays"
                reasons = [f"takes back a line that {what}", "same references, opposite amount"]
                found.append(Answer("correction", 90, (wrong, line), (), reasons))
    return found


def _is_of_settled(board: Board, line: Line) -> bool:
    return bool(line.names) and not any(each in board.units for each in line.names)
