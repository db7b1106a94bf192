"""Readings by sums: days of a merchant in a row, merged deposits, split ones."""

from itertools import islice

from reconciliation.engine.board import Board, is_within
from reconciliation.engine.parts import Answer, Line, Unit
from reconciliation.engine.reading_days import days_of, made_up, parties_of, whole_days
from reconciliation.rules.subsets import LARGEST_POOL, count_of_sums, subsets_with_sum

MERGED_MOST, SPLIT_MOST = 4, 3


def lumps(board: Board) -> list[Answer]:
    """A merchant's or terminal's units of some days in a row, paid as one sum, gross or net of fees."""
    found = []
    for line in board.lines.values():
        for party in parties_of(board, line):
            found += _lumped(board, line, days_of(board, line, party))
    return found


def _lumped(board: Board, line: Line, by_day: dict[int, list[Unit]]) -> list[Answer]:
    found, read = [], whole_days(line, by_day)
    tested = len(read.tested)
    for each in read.found:
        if len(each.units) > 1:
            reasons = [
                f"{len(each.units)} batches of {each.span[0]} days in a row",
                "paid by the same",
                f"their sum {'less the contracted fee ' if each.fee else ''}equals the amount",
            ]
            answer = Answer("party_sum", 86, (line,), each.units, reasons, fee=each.fee)
            answer.risk = tested * board.facts.sum_chance(line)
            answer.considered = [["sums of days in a row", tested]]
            if _has_equal_outside(each.units, by_day):
                answer.against = "Another of the same amount could stand in one's place."
            elif len(made_up(board, line, parties_of(board, line))) > 1:
                answer.against = "Other items of whom it names make it up as well."
            else:
                answer.against = _against_a_sum(board, line, each.units)
            found.append(answer)
    return found


def _has_equal_outside(units: tuple[Unit, ...], by_day: dict[int, list[Unit]]) -> bool:
    """Whether a day or a unit that is left out comes to what one that is taken comes to."""
    sums: dict[bool, set[int]] = {True: set(), False: set()}
    for row in [*by_day.values(), *([unit] for day in by_day.values() for unit in day)]:
        sums[row[0] in units].add(sum(unit.amount for unit in row))
    return not sums[True].isdisjoint(sums[False])


def _against_a_sum(board: Board, line: Line, units: tuple[Unit, ...]) -> str:
    """What one line or one unit alone would explain is no sum, though others of the amount kept it open."""
    if board.shows_another(line, units):
        return "Something else shows exactly this amount."
    if any(board.is_shown_by_another(unit, (line,)) for unit in units):
        return "One of its items is just what another line shows."
    return ""


def merged(board: Board) -> list[Answer]:
    """A line that pays several units of one payer or kind whose subset is the only one."""
    found = []
    for line in board.lines.values():
        if line.repeats or line.is_taken:
            continue
        found += _merged(board, line, _merge_pool(board, line))
    return found


def _merge_pool(board: Board, line: Line) -> list[Unit]:
    """The line's payer's units, or else units that nobody pays; not all where they are too many."""
    pool, known = [], []
    for unit in board.near_units(line):
        if _may_merge(line, unit) and board.facts.fits(line, unit):
            pool.append(unit)
            if board.facts.knows_party(line, unit):
                known.append(unit)
                if len(known) > LARGEST_POOL:
                    break
    return known or ([] if any(unit.payer for unit in pool) else pool)


def _may_merge(line: Line, unit: Unit) -> bool:
    if unit.named_by and line.id not in unit.named_by:
        return False
    return abs(unit.amount) < abs(line.amount) and is_within(line, unit)


def _merged(board: Board, line: Line, pool: list[Unit]) -> list[Answer]:
    must = [unit for unit in pool if unit.id in line.names]
    if line.names and len(must) != len(line.names):
        return []
    if len(pool) > LARGEST_POOL or len(pool) < 2:
        return []
    found = []
    for is_net in (False, True) if any(unit.fee for unit in pool) else (False,):
        sums = [unit.amount - (unit.fee if is_net else 0) for unit in pool]
        for chosen in subsets_with_sum(sums, line.amount, largest=MERGED_MOST, enough=3):
            units = tuple(pool[n] for n in chosen)
            if not all(unit in units for unit in must):
                continue
            reasons = [f"{len(units)} items together", "the only ones that make up the amount"]
            if must:
                reasons.insert(0, "reference of one of them")
            fee = sum(unit.amount for unit in units) - line.amount
            if is_net and not fee:
                continue  # None of these has a fee: they were found before.
            answer = Answer("merged", 82 if must else 76, (line,), units, reasons, fee=fee)
            answer.against = _against_a_sum(board, line, units)
            found.append(answer)
    tested = count_of_sums(len(pool), largest=MERGED_MOST)
    for answer in found:
        answer.risk = tested * board.facts.sum_chance(line) * (0.05 if must else 1)
        answer.considered = [["sums of open items", tested]]
    return found


def split(board: Board) -> list[Answer]:
    """A unit that came in two or three lines of the same payer, the only ones that make it up."""
    found = []
    for unit in board.units.values():
        if unit.named_by and not any(each in board.lines for each in unit.named_by):
            continue
        near = (line for line in board.near_lines(unit) if _may_split(board, line, unit))
        lines = list(islice(near, LARGEST_POOL + 1))
        if not 2 <= len(lines) <= LARGEST_POOL:
            continue
        must = [line for line in lines if line.id in unit.named_by]
        for shown in unit.shown:
            for chosen in subsets_with_sum(
                [line.amount for line in lines], shown, largest=SPLIT_MOST, enough=3
            ):
                parts = tuple(lines[n] for n in chosen)
                if not all(line in parts for line in must):
                    continue
                reasons = [f"in {len(parts)} lines", "the only ones that make up the amount"]
                risk = count_of_sums(len(lines), largest=SPLIT_MOST) * board.facts.sum_chance(
                    parts[0], _sought(unit, parts, must)
                )
                answer = Answer(
                    "split",
                    82 if must else 76,
                    parts,
                    (unit,),
                    reasons,
                    risk * (0.05 if must else 1),
                    fee=unit.amount - shown,
                )
                if any(board.units_showing(line) != [] for line in parts if line not in must):
                    answer.against = "One of its lines is just what something else shows."
                elif board.is_shown_by_another(unit, parts):
                    answer.against = "Another line shows exactly this amount."
                found.append(answer)
    return found


def _sought(unit: Unit, parts: tuple[Line, ...], must: list[Line]) -> int:
    """The amount that only the sum speaks for: what those that name the unit leave of it."""
    named = sum(line.amount for line in must)
    return unit.amount - named if len(must) < len(parts) else unit.amount


def _may_split(board: Board, line: Line, unit: Unit) -> bool:
    if line.is_taken or (line.names and unit.id not in line.names) or abs(line.amount) >= abs(unit.amount):
        return False
    is_theirs = unit.id in line.names or board.facts.knows_party(line, unit)
    return is_theirs and is_within(line, unit) and board.facts.fits(line, unit)
