"""Every guard of the book is needed: without it, an attempt of the list is no longer refused as before."""

import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.db import connection, connections, transaction
from django.db.utils import DatabaseError

from tests.ledger.models.attempts import ATTEMPTS
from tests.ledger.models.test_attempts import _copied, hospitals

__all__ = ["hospitals"]
pytestmark = pytest.mark.nightly
BOOK = Path(__file__).parents[3] / "docs" / "ledger.md"
TABLES = ["ledger_entry", "ledger_posting", "ledger_period", "ledger_account"]
FUNCTIONS = """
    SELECT DISTINCT function.proname, pg_get_functiondef(function.oid)
    FROM pg_proc function JOIN pg_trigger trigger ON trigger.tgfoid = function.oid
    WHERE trigger.tgrelid::regclass::text = ANY(%s) AND function.proname LIKE 'ledger%%' ORDER BY 1
"""
CONSTRAINTS = """
    SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE conrelid::regclass::text = ANY(%s) AND contype IN ('c', 'f', 'u', 'x') AND conparentid = 0
    ORDER BY 1, 2
"""

# Three that tests of their own try (commands/test_close.py, test_entry.py, commands/test_period.py), and two
# that another guard stands before.
NOT_NOTICED = [
    "ledger_check_close_tasks 1",
    "ledger_check_entries ledger_entry_posted_now",
    "ledger_wait_for_posters 1",
    "ledger_account ledger_account_parent_id_f0b843e5_fk_ledger_account_id",
    "ledger_period ledger_period_number_check",
]


@dataclass(frozen=True)
class Guard:
    """What the owner does to be without it, and to have it again."""

    name: str
    take_away: str
    put_back: str


def test_without_any_guard_an_attempt_is_noticed(owner_connection, hospitals):
    guards = list(_guards())
    idle = [guard.name for guard in guards if not _is_noticed(guard, hospitals)]

    sys.stdout.write(
        "\n".join([*idle, f"{len(guards)} guards taken away one by one, {len(idle)} not noticed\n"])
    )
    assert idle == NOT_NOTICED
    assert f"each of the {len(guards)} guards" in BOOK.read_text()


def _guards() -> Iterator[Guard]:
    for name, body in _rows(FUNCTIONS):
        for number, refusal in enumerate(re.finditer(r"RAISE EXCEPTION.*?;\n", body, re.DOTALL), 1):
            without = body[: refusal.start()] + "NULL;\n" + body[refusal.end() :]
            yield Guard(f"{name} {number}", without, body)
        for problem in re.finditer(r"THEN format\('(\w+)\|", body):
            without = body[: problem.start()] + "THEN NULL || " + body[problem.start() + len("THEN ") :]
            yield Guard(f"{name} {problem[1]}", without, body)
    for table, name, definition in _rows(CONSTRAINTS):
        dropped = f"ALTER TABLE {table} DROP CONSTRAINT {name}"
        yield Guard(f"{table} {name}", dropped, f"ALTER TABLE {table} ADD CONSTRAINT {name} {definition}")


def _rows(query: str) -> list[tuple]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(query, [TABLES])
        return cursor.fetchall()


def _is_noticed(guard: Guard, facility) -> bool:
    """Whether any attempt gets another answer while the guard is away."""
    _owner(guard.take_away)
    try:
        return any(not re.search(attempt.said, _answer(attempt, facility)) for attempt in ATTEMPTS)
    finally:
        _owner(guard.put_back)


def _owner(sql: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql)


def _answer(attempt, facility) -> str:
    """The database's refusal; what went through is taken back."""
    try:
        with transaction.atomic():
            if attempt.sql == "COPY":
                _copied(facility)
            else:
                with connection.cursor() as cursor:
                    cursor.execute(attempt.sql)
            with connection.cursor() as cursor:
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            transaction.set_rollback(True)
    except DatabaseError as error:
        return str(error)
    return ""
