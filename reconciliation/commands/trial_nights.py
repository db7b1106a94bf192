"""A trial night by night: each account as its nights would have been matched, by what had shown before."""

import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any

from reconciliation.commands.match import NEWEST, SQL
from reconciliation.engine import Outcome, empty_working_tables, run_passes
from reconciliation.engine.lessons import Lessons, lessons_of
from reconciliation.rules.tolerance import Tolerance

_NIGHTS = """
    SELECT scope, booked_on FROM night_line
     UNION
    SELECT scope, max(expected_on) FROM night_item
     WHERE scope IN (SELECT scope FROM night_line) GROUP BY scope
     ORDER BY 1, 2
"""


def run_nights(cursor, *, tolerances: Sequence[Tolerance]) -> Outcome:
    """Run the passes over what is given, each account night by night, as match_account would have.

    A line is known from its booking day on, an item from the first day on which it is expected. An
    account's nights are those of its lines, and a last one when all is known. The boards are of that one.
    """
    _run(cursor, "night_set_aside")
    empty_working_tables(cursor)
    cursor.execute(_NIGHTS)
    whole, passes = Outcome(), defaultdict[str, list[int]](lambda: [0, 0])
    for scope, nights in groupby(cursor.fetchall(), key=itemgetter(0)):
        for outcome in _account(cursor, scope, [day for _scope, day in nights], tolerances):
            whole.boards |= outcome.boards
            for each in outcome.passes:
                passes[each["pass"]][0] += each["count"]
                passes[each["pass"]][1] += each["milliseconds"]
    for name, (count, taken) in passes.items():
        whole.passes.append({"pass": name, "count": count, "milliseconds": taken})
    _run(cursor, "night_give_back")
    return whole


def _account(cursor, scope: int, days: list[date], tolerances: Sequence[Tolerance]) -> Iterator[Outcome]:
    # As the database would keep them.
    kept: list[str] = []
    for night, day in enumerate(days):
        said = {"scope": scope, "night": night, "day": day}
        _run(cursor, "night_give", said)
        outcome = run_passes(
            cursor,
            tolerances=tolerances,
            tell_taken=lambda: _run(cursor, "night_tell_taken", {"scope": scope}),
            learn=lambda: Lessons.of([*map(json.loads, kept[: -NEWEST - 1 : -1])]),
        )
        _run(cursor, "night_keep", said)
        if lessons := lessons_of(cursor, outcome.boards.values()):
            kept.append(json.dumps(lessons))
        if day == days[-1]:
            cursor.execute("INSERT INTO night_apart TABLE set_apart")
        empty_working_tables(cursor)
        yield outcome


def _run(cursor, name: str, said: dict[str, Any] | None = None) -> None:
    for statement in _statements(name):
        cursor.execute(statement, said)


@cache
def _statements(name: str) -> list[str]:
    taught = (SQL / "taught_facts.sql").read_text()
    return (SQL / f"{name}.sql").read_text().replace("{taught}", taught).split(";")
