"""Running the passes: duplicates, references and shared references in SQL, the rest by search."""

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from reconciliation.engine.board import Board, Budget
from reconciliation.engine.parts import Answer
from reconciliation.engine.readings import READINGS
from reconciliation.engine.rest import load_rest
from reconciliation.rules.tolerance import Tolerance

SQL = Path(__file__).parent / "sql"
_STEPS = ("units", "keys", "duplicates", "reference", "reference_sum", "loose", "rest")
_ANALYZE = re.compile(r"ANALYZE \w+(;|$)")
FEW = 5_000
_ADD = """
    COPY found (pass_name, score, line_ids, unit_ids, fee, difference, role, reasons, considered) FROM STDIN
"""


@dataclass
class Outcome:
    """What a run did. passes: name, how many matches, milliseconds. Matches stand in the table `answer`.

    refused  answers that were not accepted, with what spoke against them
    boards   what is still open, by account and currency
    """

    passes: list[dict[str, Any]] = field(default_factory=list)
    refused: list[Answer] = field(default_factory=list)
    boards: dict[int, Board] = field(default_factory=dict)


def make_working_tables(cursor) -> None:
    """The empty tables that the engine is given; they vanish with the transaction.

    How many rows there are and how alike: three thousand of a table tell it as well as thirty thousand.
    """
    cursor.execute("SET LOCAL default_statistics_target = 10")
    _execute(cursor, "given", is_small=True)


def run_passes(
    cursor, *, tolerances: Sequence[Tolerance] = (), tell_taken: Callable[[], object] | None = None
) -> Outcome:
    """All passes over the given tables, in order; each works only on what the ones before left.

    tolerances  what a match may differ by, and the account role that takes the difference; none by default
    tell_taken  fills taken_line for the lines of rest_line
    """
    outcome = Outcome()
    cursor.execute("SELECT (SELECT count(*) FROM given_line) + (SELECT count(*) FROM given_item)")
    is_small = cursor.fetchone()[0] <= FEW
    if not is_small:
        cursor.execute("ANALYZE given_line; ANALYZE given_item; ANALYZE apart_pair; ANALYZE given_fact")
    for name in _STEPS:
        began = time.perf_counter()
        _execute(cursor, name, is_small=is_small)
        outcome.passes.append(_done(name, began, _count_of(cursor, name)))
    began = time.perf_counter()
    if tell_taken is not None:
        tell_taken()
    cursor.execute("SELECT count(*) FROM found")
    budget = Budget(cursor.fetchone()[0])
    boards = load_rest(cursor, budget, tolerances)
    outcome.passes.append(_done("facts", began, 0))
    outcome.boards = boards
    for reading in READINGS:
        began, count = time.perf_counter(), 0
        for board in boards.values():
            before = len(board.answers)
            board.settle(reading(board))
            count += len(board.answers) - before
        outcome.passes.append(_done(reading.__name__, began, count))
    for board in boards.values():
        outcome.refused += board.refused
    _keep(cursor, [answer for board in boards.values() for answer in board.answers])
    _execute(cursor, "answers", is_small=is_small)
    return outcome


def _keep(cursor, answers: list[Answer]) -> None:
    with cursor.copy(_ADD) as copy:
        for each in answers:
            lines, units = [line.id for line in each.lines], [unit.id for unit in each.units]
            copy.write_row(
                (each.pass_name, each.score, lines, units, each.fee, each.difference, each.role, each.reasons,
                 json.dumps(each.considered))
            )  # fmt: skip


def _execute(cursor, name: str, *, is_small: bool) -> None:
    """Statistics of a few rows cost more than any plan made without them."""
    statements = (SQL / f"{name}.sql").read_text()
    cursor.execute(_ANALYZE.sub("", statements) if is_small else statements)


def _count_of(cursor, name: str) -> int:
    asked = {
        "duplicates": "SELECT count(*) FROM set_apart",
        "reference": "SELECT count(*) FROM found",
        "reference_sum": "SELECT count(*) FROM found WHERE pass_name = 'reference_sum'",
        "loose": "SELECT count(*) FROM found WHERE pass_name = 'reference_item'",
        "rest": "SELECT count(*) FROM rest_line",
    }
    if name not in asked:
        return 0
    cursor.execute(asked[name])
    return cursor.fetchone()[0]


def _done(name: str, began: float, count: int) -> dict[str, Any]:
    return {"pass": name, "count": count, "milliseconds": round((time.perf_counter() - began) * 1000)}
