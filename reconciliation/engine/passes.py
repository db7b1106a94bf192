"""Running the passes: duplicates, references and shared references in SQL, the rest by search."""

import json
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from reconciliation.engine.board import Board, Budget
from reconciliation.engine.lessons import Lessons
from reconciliation.engine.parts import Answer
from reconciliation.engine.prepared import prepared
from reconciliation.engine.readings import READINGS
from reconciliation.engine.rest import load_rest
from reconciliation.rules.tolerance import Tolerance

MINUTE = 60_000
SQL = Path(__file__).parent / "sql"
_STEPS = ("dates", "batches", "units", "keys", "duplicates", "reference", "reference_sum", "loose", "rest")
FEW = 5_000
LARGE = 4_000_000
_ARE_USED = """
    SELECT EXISTS (SELECT FROM given_line) OR EXISTS (SELECT FROM given_item)
        OR EXISTS (SELECT FROM given_fact)
"""
# With the room of what was deleted, which new rows hardly use.
_SIZE = """
    SELECT sum(pg_relation_size(oid)) FROM pg_class
     WHERE relnamespace = pg_my_temp_schema() AND relkind = 'r'
"""
_COUNTS = """
    SELECT (SELECT count(*) FROM set_apart),
           count(*) FILTER (WHERE pass_name IN ('reference', 'reference_normalised')),
           count(*) FILTER (WHERE pass_name = 'reference_sum'),
           count(*) FILTER (WHERE pass_name = 'reference_item'),
           (SELECT count(*) FROM rest_line)
      FROM found
"""
_BY_HASH = "SET LOCAL enable_nestloop = off; SET LOCAL enable_mergejoin = off"
_AS_EVER = "SET LOCAL enable_nestloop = on; SET LOCAL enable_mergejoin = on"
_COUNTED = ("duplicates", "reference", "reference_sum", "loose", "rest")
_FOUND = ("reference", "reference_sum", "loose")
_ADD = """
    INSERT INTO found (pass_name, score, line_ids, unit_ids, fee, difference, role, reasons, considered)
    SELECT * FROM jsonb_to_recordset(%s) said (
        pass_name text, score int, line_ids bigint[], unit_ids bigint[], fee bigint, difference bigint,
        role text, reasons text[], considered jsonb)
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


def allow(cursor, milliseconds: int) -> None:
    """Let this transaction's statements, and the search between two of them, take so long."""
    for limit in ("statement_timeout", "idle_in_transaction_session_timeout"):
        cursor.execute(f"SET LOCAL {limit} = {milliseconds}")


def make_working_tables(cursor) -> None:
    """The empty tables that the engine is given. A run that is committed ends with empty_working_tables.

    A connection makes them once, because forty new tables take longer than a small run.
    How many rows there are and how alike: three thousand of a table tell it as well as thirty thousand.
    """
    cursor.execute("SET LOCAL default_statistics_target = 10; SELECT to_regclass('pg_temp.given_line')")
    cursor.nextset()
    if cursor.fetchone()[0] is None:
        cursor.execute(_statements("tables"))
        return
    cursor.execute(_ARE_USED)
    if cursor.fetchone()[0]:
        empty_working_tables(cursor)


def empty_working_tables(cursor) -> None:
    """Leave nothing of a run in them; row by row where they are small, because truncating takes longer."""
    cursor.execute(_SIZE)
    if cursor.fetchone()[0] > LARGE:
        cursor.execute(f"TRUNCATE {', '.join(_tables())}")
    else:
        cursor.execute("; ".join(f"DELETE FROM {name}" for name in _tables()))  # noqa: S608 - our own names


def run_passes(
    cursor,
    *,
    tolerances: Sequence[Tolerance] = (),
    tell_taken: Callable[[], object] | None = None,
    learn: Callable[[], Lessons] = Lessons,
) -> Outcome:
    """All passes over the given tables, in order; each works only on what the ones before left.

    tolerances  what a match may differ by, and the account role that takes the difference; none by default
    tell_taken  fills taken_line for the lines of rest_line
    learn       gives what earlier runs of the one account given taught; by default there were none
    """
    outcome = Outcome()
    is_small = _is_small(cursor)
    _settle_by_reference(cursor, outcome, is_small=is_small)
    began = time.perf_counter()
    if tell_taken is not None:
        tell_taken()
    found = sum(each["count"] for each in outcome.passes if each["pass"] in _FOUND)
    boards = load_rest(cursor, Budget(found), tolerances, learn)
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
    cursor.execute(f"{_BY_HASH}; {_step(cursor, 'answers', is_small=is_small)}; {_AS_EVER}")
    return outcome


def _is_small(cursor) -> bool:
    cursor.execute("SELECT (SELECT count(*) FROM given_line) + (SELECT count(*) FROM given_item)")
    return cursor.fetchone()[0] <= FEW


def _settle_by_reference(cursor, outcome: Outcome, *, is_small: bool) -> None:
    """The passes in SQL. They join by hashing, whatever the planner thinks of what it knows little of."""
    if not is_small:
        cursor.execute("ANALYZE given_line (id); ANALYZE given_item (id); ANALYZE apart_pair")
    cursor.execute(_BY_HASH)
    for name in _STEPS:
        began = time.perf_counter()
        cursor.execute(_step(cursor, name, is_small=is_small))
        outcome.passes.append(_done(name, began, 0))
    cursor.execute(_AS_EVER)
    cursor.execute(_COUNTS)
    counts = dict(zip(_COUNTED, cursor.fetchone(), strict=True))
    for each in outcome.passes:
        each["count"] = counts.get(each["pass"], 0)


def _keep(cursor, answers: list[Answer]) -> None:
    """Thousands as one value, because arrays are written faster so than row by row."""
    rows = [
        {
            "pass_name": each.pass_name,
            "score": each.score,
            "line_ids": [line.id for line in each.lines],
            "unit_ids": [unit.id for unit in each.units],
            "fee": each.fee,
            "difference": each.difference,
            "role": each.role,
            "reasons": each.reasons,
            "considered": each.considered,
        }
        for each in answers
    ]
    for start in range(0, len(rows), FEW):
        cursor.execute(_ADD, [json.dumps(rows[start : start + FEW])])


def _step(cursor, name: str, *, is_small: bool) -> str:
    return prepared(cursor, SQL / f"{name}.sql") if is_small else _statements(name)


@cache
def _statements(name: str) -> str:
    return (SQL / f"{name}.sql").read_text()


@cache
def _tables() -> list[str]:
    return re.findall(r"CREATE TEMP TABLE (\w+)", _statements("tables"))


def _done(name: str, began: float, count: int) -> dict[str, Any]:
    return {"pass": name, "count": count, "milliseconds": round((time.perf_counter() - began) * 1000)}
