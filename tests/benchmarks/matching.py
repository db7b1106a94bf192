"""The engine at 10,000, 100,000 and a million lines, beside reading the same rows and joining them."""

import math
import multiprocessing
import os
import resource
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from multiprocessing.connection import Connection
from typing import Any

from django.db import connection, connections

from hms_ach.access.commands import create_user
from hms_ach.access.models import Facility, LegalEntity
from hms_ach.celery import keep_the_program
from hms_ach.ids import new_id
from ledger.commands import ensure_chart, open_period
from reconciliation.commands import create_bank_account, import_statement, match_account
from reconciliation.formats.camt import write
from reconciliation.formats.statement import Entry, Statement
from reconciliation.models import BankAccount
from tests.benchmarks.figures import Figure, alone, beside, within
from tests.make import reconciliation as make

# Seconds, megabytes that the larger worker has grown by, and matches; each worker has half of the accounts.
_Matched = Callable[[list[tuple[BankAccount, int]]], tuple[float, float, int]]
DAY = date(2026, 1, 5)
ACCOUNTS = 10
SIZES = (10_000, 100_000, 1_000_000)
LIMITS = {100_000: 10.0, 1_000_000: 60.0}

# Of ten lines seven pay one item and three a batch of six or seven; one in twelve has no reference,
# one in forty no item. Amounts are spread as those of insurers' payments are.
_LINES = """
    INSERT INTO reconciliation_statementline (
        account_id, statement_id, position, source_line, bank_reference, booked_on, value_on, amount_minor,
        currency, ordinal, "references", keys, counterparty, description, code, is_reversal, details)
    SELECT %(account)s, %(statement)s, n, n, 'BR' || n, %(day)s + n %% 60, %(day)s + n %% 60,
           CASE WHEN n %% 10 < 7 THEN single ELSE single / 7 * items END, 'USD', 1,
           CASE WHEN n %% 12 = 0 THEN ARRAY[]::text[] ELSE ARRAY['TRC' || 10000000 + n] END,
           CASE WHEN n %% 12 = 0 THEN ARRAY[]::text[]
                ELSE ARRAY['TRC' || 10000000 + n, (10000000 + n)::text] END,
           'PAYER ' || chr(65 + n %% 26), '', 'ach', false, '[]'
      FROM (SELECT n, 6 + n %% 2 AS items,
                   round(exp(8 + 1.3 * sqrt(-2 * ln(((n::bigint * 7919) %% 99991 + 1) / 99992.0))
                             * cos(6.2831853 * ((n::bigint * 104729) %% 99991) / 99991)) * 100)::bigint
                   + n %% 89 AS single
              FROM generate_series(%(first)s, %(last)s) n) drawn
"""
_ITEMS = """
    INSERT INTO reconciliation_expectation (
        kind, source_id, facility_id, account_id, amount_minor, fee_minor, currency, clearing_role, reference,
        "references", keys, payer, terminal, batch, expected_on, earliest_on, latest_on, pulled_at)
    SELECT CASE WHEN n %% 10 < 7 THEN 'remittance' ELSE 'card' END, 'b' || line.id || '_' || part,
           %(facility)s, %(account)s,
           CASE WHEN n %% 10 < 7 THEN line.amount_minor ELSE line.amount_minor / (6 + n %% 2) END,
           0, 'USD', 'transfer.clearing', '',
           CASE WHEN n %% 10 < 7 THEN ARRAY['TRC' || 10000000 + n] ELSE ARRAY[]::text[] END,
           ARRAY['TRC' || 10000000 + n, (10000000 + n)::text], 'Payer ' || chr(65 + n %% 26), '',
           CASE WHEN n %% 10 < 7 THEN '' ELSE 'TRC' || 10000000 + n END,
           line.booked_on, line.booked_on - 1, line.booked_on + 3, now()
      FROM (SELECT *, position AS n FROM reconciliation_statementline
             WHERE account_id = %(account)s AND position BETWEEN %(first)s AND %(last)s) line,
           generate_series(1, CASE WHEN n %% 10 < 7 THEN 1 ELSE 6 + n %% 2 END) part
     WHERE n %% 40 <> 1
"""
_JOIN = """
    SELECT count(*) FROM (SELECT unnest(keys) AS key, * FROM reconciliation_statementline
                           WHERE account_id = ANY(%(accounts)s)) line
      JOIN (SELECT unnest(keys) AS key, * FROM reconciliation_expectation
             WHERE account_id = ANY(%(accounts)s)) item USING (key, account_id)
"""


def figures() -> Iterator[Figure]:
    """Each size on accounts of its own, by two workers as in production; then one per cent more."""
    taken: dict[int, float] = {}
    largest = int(os.environ.get("HMS_ACH_BENCH_LINES", SIZES[-1]))
    for size in (each for each in SIZES if each <= largest):
        accounts = [_account(f"{size // 1000}K{number}") for number in range(ACCOUNTS)]
        for account in accounts:
            _fill(account, 1, size // ACCOUNTS)
        _analyse()
        items = _count("reconciliation_expectation", accounts)
        with _workers() as match:
            taken[size], megabytes, matched = match(accounts)
            again = _rerun(match, accounts, size)
        name = f"{size:,} lines against {items:,} expectations ({matched:,} matched)"
        if size in LIMITS:
            yield within("reconciliation", name, value=taken[size], unit="s", limit=LIMITS[size])
        yield beside(
            "reconciliation", name, value=taken[size], unit="s",
            against="PostgreSQL reads the same rows and joins them", against_value=_joined(accounts),
        )  # fmt: skip
        yield alone("reconciliation", f"memory of a worker at {size:,} lines", value=megabytes, unit="MB")
        if size > SIZES[0]:
            exponent = math.log10(taken[size] / taken[size // 10])
            yield within(
                "reconciliation", f"growth exponent up to {size:,} lines", value=exponent, unit="", limit=1.1
            )
        yield beside(
            "reconciliation", f"a rerun with 1 % more than {size:,} lines", value=again, unit="s",
            against="the full run", against_value=taken[size], ratio_at_most=0.05,
        )  # fmt: skip


def _account(code: str) -> tuple[BankAccount, int]:
    """An account with a statement that the lines can belong to."""
    entity, is_new = LegalEntity.objects.get_or_create(code="MATCHB", name="Bench", functional_currency="USD")
    if is_new:
        ensure_chart(entity)
        open_period(legal_entity=entity, starts_on=DAY, actor=None)
    facility = Facility.objects.create(legal_entity=entity, code=code, name=code)
    actor = create_user(username=f"bench-{code}", name="Bench")
    account = create_bank_account(
        facility=facility,
        code=code,
        name=code,
        number=f"B-{code}",
        currency="USD",
        opened_on=DAY,
        actor=actor,
    )
    account = make.in_force(account, f"B-{code}")
    one = Entry(amount_minor=1, currency="USD", booked_on=DAY, bank_reference=new_id("ben"))
    said = Statement(f"B-{code}", code, "USD", 0, 1, DAY, DAY, entries=(one,))
    imported = import_statement(
        content=write(said),
        name="b.xml",
        actor=actor,
        facility_ids=[facility.pk],
        account=account,
        statement_id=code,
    )
    return account, imported.statements[0].pk


def _fill(account: tuple[BankAccount, int], first: int, last: int) -> None:
    row, statement = account
    params = {"account": row.pk, "statement": statement, "facility": row.facility_id, "day": DAY}
    with connection.cursor() as cursor:
        cursor.execute(_LINES, params | {"first": first, "last": last})
        cursor.execute(_ITEMS, params | {"first": first, "last": last})


def _analyse() -> None:
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE reconciliation_statementline; ANALYZE reconciliation_expectation")


def _count(table: str, accounts: list[tuple[BankAccount, int]]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM {table} WHERE account_id = ANY(%s)", [_ids(accounts)])
        return cursor.fetchone()[0]


def _ids(accounts: list[tuple[BankAccount, int]]) -> list[int]:
    return [row.pk for row, _statement in accounts]


@contextmanager
def _workers() -> Iterator[_Matched]:
    """Two processes that match when they are asked to; they stay, as a queue's workers do."""
    connections.close_all()
    keep_the_program()
    context = multiprocessing.get_context("fork")
    workers = [_worker(context) for _ in range(2)]

    def matched(accounts: list[tuple[BankAccount, int]]) -> tuple[float, float, int]:
        began = time.perf_counter()
        for half, (_process, ours) in enumerate(workers):
            ours.send(_ids(accounts)[half::2])
        # A worker that fell closes its end, so that this ends with an EOFError and does not wait for ever.
        answers = [ours.recv() for _process, ours in workers]
        seconds = time.perf_counter() - began
        return seconds, max(each[1] for each in answers), sum(each[0] for each in answers)

    yield matched
    for process, ours in workers:
        ours.send(None)
        process.join()


def _worker(context: Any) -> tuple[Any, Connection]:
    """A process that works, and our end of the pipe to it; nobody else holds its end."""
    ours, its = context.Pipe()
    process = context.Process(target=_work, args=(its,), daemon=True)
    process.start()
    its.close()
    return process, ours


def _work(pipe: Connection) -> None:
    """Answers each list of accounts by the matches made and the megabytes that this process has grown by."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    while (ids := pipe.recv()) is not None:
        count = 0
        for account in BankAccount.objects.filter(pk__in=ids).order_by("pk"):
            count += len(match_account(account=account).match_ids)
        pipe.send((count, (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024))
    connections.close_all()


def _joined(accounts: list[tuple[BankAccount, int]]) -> float:
    with connection.cursor() as cursor:
        # The peer is a hash join, whatever the planner thinks of arrays taken apart.
        cursor.execute("SET work_mem = '128MB'; SET enable_nestloop = off; SET enable_mergejoin = off")
        began = time.perf_counter()
        cursor.execute(_JOIN, {"accounts": _ids(accounts)})
        seconds = time.perf_counter() - began
        cursor.execute("RESET work_mem; RESET enable_nestloop; RESET enable_mergejoin")
        return seconds


def _rerun(match: _Matched, accounts: list[tuple[BankAccount, int]], size: int) -> float:
    """Seconds for the lines of one per cent more, once autovacuum has tidied up after the full run."""
    each = size // ACCOUNTS
    for account in accounts:
        _fill(account, each + 1, each + max(each // 100, 1))
    with connections["owner"].cursor() as cursor:
        cursor.execute("VACUUM (ANALYZE)")
    return match(accounts)[0]
