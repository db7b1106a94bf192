"""The matching passes over one account: set-based, ordered, explained."""

import hashlib
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from hms_ach import clock
from hms_ach.ids import new_id
from reconciliation.commands.opening import close_matched
from reconciliation.models import BankAccount, MatchRun

SQL = Path(__file__).parent / "sql"
# Rivals are looked for this many days around an item's own window.
WIDE_DAYS = 10
MANY = 1_000
_REFERENCE = (SQL / "reference.sql").read_text()
_PASSES: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("reference", _REFERENCE, {"mark": "=", "score": 100, "reason": "reference equal"}),
    (
        "reference_normalised",
        _REFERENCE,
        {"mark": "~", "score": 96, "reason": "reference equal without padding"},
    ),
    ("reference_sum", (SQL / "reference_sum.sql").read_text(), {}),
    ("amount", (SQL / "amount.sql").read_text(), {}),
)
_TABLES = (
    "left_line, left_item, undone_pair, duplicate_line, shown, line_key, item_key, named, found, "
    "taken_key, proposed, rest_item, rest_shown"
)


@dataclass(frozen=True, slots=True)
class Matched:
    """What one run did. passes: name, how many matches, milliseconds."""

    match_ids: list[int]
    passes: list[dict[str, Any]]
    line_count: int
    duplicate_ids: list[tuple[int, int]]


@transaction.atomic
def match_account(*, account: BankAccount) -> Matched:
    """Match what can be proven, and leave the rest as ranked suggestions. Posts nothing: see post_matches.

    Passes, each only on what the ones before left: duplicates set apart; reference and amount (as
    written, then normalised); a line that names several items and pays their sum; an amount unique
    on both sides. Never between equals. A run waits for another one of the same account.
    """
    passes: list[dict[str, Any]] = []
    started_at = clock.now()
    with connection.cursor() as cursor:
        hold_account(account.pk)
        params = {"account": account.pk, "wide": WIDE_DAYS, "run": None, "actor": None}
        cursor.execute(f"DROP TABLE IF EXISTS {_TABLES}")
        line_count = _prepare(cursor, params, passes)
        for name, sql, extra in _PASSES:
            _timed(cursor, name, sql, params | extra | {"name": name}, passes)
        cursor.execute("SELECT id, repeats_id FROM duplicate_line ORDER BY id")
        duplicates = cursor.fetchall()
        _timed(cursor, "suggestions", (SQL / "suggest.sql").read_text(), params, passes)
        run = MatchRun.objects.create(
            account=account, started_at=started_at, finished_at=clock.now(), passes=passes
        )
        _timed(
            cursor,
            "write",
            (SQL / "accept.sql").read_text(),
            params | {"prefix": new_id("mat")[:14]},
            passes,
        )
        # The checks at the end of a large statement do not know how large it is.
        if cursor.rowcount > MANY:
            cursor.execute("SET LOCAL enable_nestloop = off")
        match_ids = write_proposed(cursor, account=account, run_id=run.pk, actor_id=None)
        cursor.execute("SET LOCAL enable_nestloop = on")
    if match_ids:
        close_matched(match_ids)
    return Matched(match_ids, passes, line_count, duplicates)


def write_proposed(cursor, *, account: BankAccount, run_id: int | None, actor_id: int | None) -> list[int]:
    """Write the matches of the table `proposed`; their ids. One statement."""
    params = {
        "account": account.pk,
        "run": run_id,
        "actor": actor_id,
        "currency": account.currency,
        "now": clock.now(),
    }
    cursor.execute((SQL / "make_matches.sql").read_text(), params)
    return [row[0] for row in cursor.fetchall()]


def _prepare(cursor, params: dict[str, Any], passes: list[dict[str, Any]]) -> int:
    cursor.execute("SET LOCAL work_mem = '64MB'")
    cursor.execute("SET LOCAL statement_timeout = '10min'")
    _timed(cursor, "prepare", (SQL / "prepare.sql").read_text(), params, passes)
    cursor.execute((SQL / "taken.sql").read_text(), params)
    cursor.execute("SELECT count(*) FROM left_line")
    return cursor.fetchone()[0]


def _timed(cursor, name: str, sql: str, params: dict[str, Any], passes: list[dict[str, Any]]) -> None:
    began = time.perf_counter()
    for statement in _statements(sql):
        cursor.execute(statement, params)
    count = max(cursor.rowcount, 0)
    if name in {each[0] for each in _PASSES}:
        cursor.execute("SELECT count(DISTINCT line_id) FROM found WHERE pass_name = %s", [name])
        count = cursor.fetchone()[0]
    passes.append({"pass": name, "count": count, "milliseconds": round((time.perf_counter() - began) * 1000)})


def _statements(sql: str) -> list[str]:
    """The statements of one of our own SQL files: none of them has a semicolon inside."""
    return [statement for statement in sql.split(";") if statement.strip()]


def hold_account(account_id: int) -> None:
    """Keep everybody else from matching on the account until the transaction ends."""
    digest = hashlib.sha256(f"reconciliation.match_account:{account_id}".encode()).digest()
    with connection.cursor() as cursor:
        key = int.from_bytes(digest[:8], "big", signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
