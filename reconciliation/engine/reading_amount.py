"""The reading by amount: one line and one unit that nobody else resembles."""

from functools import partial

from reconciliation.engine.board import WIDE_DAYS, Board, is_named_elsewhere, is_within
from reconciliation.engine.parts import Answer, Line, Unit, date_told
from reconciliation.engine.reading_days import is_made_up_by_days, parties_of
from reconciliation.rules.near import any_near, any_of_one_numbering

# By how much less probable a coincidence is when references agree, or nearly so.
_WEIGHT = {"amount": 1.0, "reference_near": 0.02, "reference": 1e-4}


def _may_be_paid_by(board: Board, other: Line, unit: Unit) -> bool:
    """Another line is written like it, or bears no reference that would speak against it."""
    keys = board.own_keys(other)
    return any_near(keys, unit.keys) or not (keys or is_named_elsewhere(other, unit))


def _breaks_a_habit(board: Board, line: Line, unit: Unit) -> bool:
    """Whom the line names is used to pay otherwise; or, with no habit known, whole days make it up too."""
    parties = parties_of(board, line) if line.amount > 0 else []
    if any(not board.habits[party].is_usual(line, unit) for party in parties if party in board.habits):
        return True
    others = [party for party in parties if party not in board.habits]
    return is_made_up_by_days(board, line, others)


def amounts(board: Board) -> list[Answer]:
    """One line, one unit, the same amount: nobody else shows it in the wide window, or is written like it."""
    found = []
    for line in board.lines.values():
        near = None if line.repeats else board.units_showing(line)
        answer = _by_amount(board, line, near) if near else None
        if answer is not None:
            found.append(answer)
    return found


def _by_amount(board: Board, line: Line, near: list[Unit]) -> Answer | None:
    free = [unit for unit in near if not is_named_elsewhere(line, unit)]
    if len(free) == 1 and free[0].id not in line.names and board.bears_the_next(line.keys, free[0]):
        return None
    keys = board.own_keys(line)
    alike = [unit for unit in free if keys and any_near(keys, unit.keys)]
    if len(alike) == 1 and board.bears_a_slip(keys, alike[0]):
        suitors = board.lines_showing(alike[0])
        if suitors is not None and not any(
            _may_be_paid_by(board, other, alike[0]) for other in suitors if other is not line
        ):
            return _amount_answer(board, line, alike[0], "reference_near", rivals=len(near) - 1)
    if len(free) != 1:
        return None
    suitors = board.lines_showing(free[0])
    if suitors is None or any(
        not is_named_elsewhere(other, free[0]) for other in suitors if other is not line
    ):
        return None
    return _amount_answer(board, line, free[0], "amount", rivals=0)


def _says_otherwise(board: Board, line: Line, unit: Unit, *, is_party: bool) -> str:
    """What speaks against a pair that only its amount suggests; what takes long is asked last."""
    keys, facts = board.own_keys(line), board.facts
    if any_of_one_numbering(keys, unit.keys):
        return "Both bear a number of one numbering, and not the same."
    if keys and facts.is_always_named(line):
        return "Such lines nearly always name what they pay, and the reference of this one names nothing."
    if not is_party and facts.is_always_numbered(unit):
        return "The number of its payer stands on nearly all of that payer's lines, and not on this one."
    if not is_party and facts.is_stranger(line, unit):
        return "Its payer has always been called otherwise."
    if _breaks_a_habit(board, line, unit):
        return "Whom it names is used to pay otherwise, or whole days of theirs make it up as well."
    return ""


def _amount_answer(board: Board, line: Line, unit: Unit, how: str, rivals: int) -> Answer:
    if unit.id in line.names:
        how = "reference"
    is_party = board.facts.knows_party(line, unit)
    pool = board.pool(line, unit, is_party=is_party)
    risk = board.facts.chance(line, pool, is_party=is_party) * _WEIGHT[how]
    reasons = ["amount equal less the contracted fee" if line.amount != unit.amount else "amount equal"]
    if how == "reference":
        reasons.insert(0, "reference equal")
    if how == "reference_near":
        reasons.insert(0, "reference differs by one slip")
    if is_party:
        reasons.append("paid by the same")
    days = line.on - unit.last
    reasons += [
        f"no other with this amount within {WIDE_DAYS} days around"
        if not rivals
        else "no other with a reference like it"
    ]
    reasons.append(date_told(days))
    against = "" if is_within(line, unit) else "The date is outside the window."
    doubt = partial(_says_otherwise, board, line, unit, is_party=is_party) if how == "amount" else str
    score = 90 if how == "reference" else 88 if how == "reference_near" else 84 if is_party else 80
    fee = unit.amount - line.amount
    considered = (
        [["same amount, reference unlike", rivals]]
        if rivals
        else [["open in the window", sum(pool.values())]]
    )
    return Answer(
        how, score, (line,), (unit,), reasons, risk,
        fee=fee, against=against, doubt=doubt, considered=considered,
    )  # fmt: skip
