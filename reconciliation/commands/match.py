"""Matching one account: the engine on what is open, its answers written, the rest as suggestions."""

import hashlib
import secrets
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from hms_ach import clock
from hms_ach.ids import new_id
from reconciliation.commands.known_party import tell_known
from reconciliation.commands.opening import close_matched
from reconciliation.commands.suggestion import keep_suggestions
from reconciliation.commands.teaching import count_uses, teach, tell_rules
from reconciliation.commands.written_match import write_matches
from reconciliation.engine import MINUTE, allow, empty_working_tables, make_working_tables, run_passes
from reconciliation.engine.lessons import Lessons, lessons_of
from reconciliation.engine.prepared import prepared
from reconciliation.models import BankAccount, MatchRun
from reconciliation.queries.account_tolerance import tolerances_in_force
from reconciliation.queries.learnt_rule import rules_in_force

SQL = Path(__file__).parent / "sql"
# Of so many runs lessons are learnt: a quarter of a year's nights.
NEWEST = 90
_KEEP_FACTS = f"""
    INSERT INTO reconciliation_matchfact (account_id, line_kind, who, unit_kind, payer, lag, count)
    SELECT %s, taught.* FROM ({(SQL / "taught_facts.sql").read_text()}) taught
"""  # noqa: S608 - our own file
_OTHER_WAYS = ("enable_hashjoin", "enable_mergejoin", "enable_seqscan")
_BY_INDEX = "; ".join(
    ["SET LOCAL jit = off; SET LOCAL plan_cache_mode = force_generic_plan"]
    + [f"SET LOCAL {way} = off" for way in _OTHER_WAYS]
)
_AS_EVER = "; ".join(f"SET LOCAL {way} = on" for way in _OTHER_WAYS)


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

    Only what is open is looked at, so that a second run is quick; a run waits for another one of the
    same account. The passes are the engine's (docs/matching.md). Never between equals. What may differ is
    what two people agreed on for the account, and is in force today.
    """
    started_at = clock.now()
    with connection.cursor() as cursor:
        hold_account(account.pk)
        cursor.execute("SET LOCAL work_mem = '128MB'")
        allow(cursor, 20 * MINUTE)
        rules = rules_in_force(account)
        passes = [_timed("give", lambda: _give(cursor, account))]
        teach(cursor, rules)
        line_count = passes[0]["count"]
        outcome = run_passes(
            cursor,
            tolerances=tolerances_in_force(account, on=clock.today(account.facility.timezone)),
            tell_taken=lambda: by_index(cursor, "tell_taken", account),
            learn=lambda: _learnt(account),
        )
        answers = tell_rules(cursor, rules)
        passes += outcome.passes
        cursor.execute("SELECT id, repeats_id FROM set_apart WHERE NOT is_equal ORDER BY id")
        duplicates = cursor.fetchall()
        passes.append(
            _timed("suggestions", lambda: keep_suggestions(cursor, account=account, outcome=outcome))
        )
        run = MatchRun.objects.create(
            account=account,
            started_at=started_at,
            finished_at=clock.now(),
            passes=passes,
            lessons=lessons_of(cursor, outcome.boards.values()),
        )
        cursor.execute(_KEEP_FACTS, [account.pk])
        match_ids = _write(account, run)
        count_uses(account, run, rules, answers)
        empty_working_tables(cursor)
    if match_ids:
        close_matched(match_ids)
    return Matched(match_ids, passes, line_count, duplicates)


def _timed(name: str, work) -> dict[str, Any]:
    began = time.perf_counter()
    count = work()
    return {"pass": name, "count": count, "milliseconds": round((time.perf_counter() - began) * 1000)}


def _give(cursor, account: BankAccount) -> int:
    """Fill the engine's tables with what is open; how many lines."""
    make_working_tables(cursor)
    by_index(cursor, "give", account)
    tell_known(cursor)
    by_index(cursor, "give_facts", account)
    cursor.execute("SELECT count(*) FROM given_line WHERE NOT is_settled")
    return cursor.fetchone()[0]


def _learnt(account: BankAccount) -> Lessons:
    """What the newest runs taught that taught anything."""
    taught = MatchRun.objects.filter(account=account).exclude(lessons={}).order_by("-pk")
    return Lessons.of(list(taught.values_list("lessons", flat=True)[:NEWEST]))


def by_index(cursor, name: str, account: BankAccount) -> None:
    """Run statements that start from what is open: never over whole tables, whatever their statistics say."""
    statements = prepared(cursor, SQL / f"{name}.sql", takes="(bigint)", given=f"({account.pk})")
    cursor.execute(f"{_BY_INDEX}; {statements}; {_AS_EVER}")


def _write(account: BankAccount, run: MatchRun) -> list[int]:
    said = {"prefix": new_id("mat")[:14], "secret": secrets.token_hex(16)}
    return write_matches("accept.sql", said, account=account, run_id=run.pk, actor_id=None)


def hold_account(account_id: int) -> None:
    """Keep everybody else from matching on the account until the transaction ends."""
    digest = hashlib.sha256(f"reconciliation.match_account:{account_id}".encode()).digest()
    with connection.cursor() as cursor:
        key = int.from_bytes(digest[:8], "big", signed=True)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])
