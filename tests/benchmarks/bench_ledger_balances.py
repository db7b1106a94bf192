"""The trial balance: beside one bare GROUP BY, and with eleven closed months behind the open one."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db import connection

from hms_ach.access.commands import create_user
from ledger.commands import hard_close, open_period
from ledger.queries import trial_balance
from tests.benchmarks import book
from tests.benchmarks.figures import Figure, beside, interleaved_medians, within

OPEN = 300_000
SMALL, HISTORY = 20_000, 1_000_000
MONTHS = [date(2025, month, 15) for month in range(4, 13)] + [date(2026, 1, 15), date(2026, 2, 15)]
# What a closed history may add to the time that the open month alone takes.
INDEPENDENT = 1.5
LIMIT_MS = 150


def run(place: Any) -> Iterator[Figure]:
    """One open month, then the same small month without and with a history."""
    yield from _beside_group_by()
    yield _beside_no_history()


def _beside_group_by() -> Iterator[Figure]:
    facility = book.make("ONE")
    book.fill(facility, OPEN // 2)
    taken = interleaved_medians({"ours": lambda: _trial_balance(facility), "bare": lambda: _timed(_group_by)})
    figure = f"trial balance of {OPEN:,} postings"
    yield beside(
        "ledger",
        figure,
        value=taken["ours"],
        unit="ms",
        against="one bare GROUP BY",
        against_value=taken["bare"],
        ratio_at_most=2,
    )
    yield within("ledger", figure, value=taken["ours"], unit="ms", limit=LIMIT_MS)


def _beside_no_history() -> Figure:
    young, old = book.make("YOUNG"), book.make("OLD")
    _close_months(old)
    for facility in (young, old):
        book.fill(facility, SMALL // 2)
    taken = interleaved_medians({"old": lambda: _trial_balance(old), "young": lambda: _trial_balance(young)})
    return beside(
        "ledger",
        f"trial balance, {SMALL:,} open and {HISTORY:,} closed",
        value=taken["old"],
        unit="ms",
        against=f"{SMALL:,} open alone",
        against_value=taken["young"],
        ratio_at_most=INDEPENDENT,
    )


def _close_months(facility: Any) -> None:
    """HISTORY postings, spread evenly over MONTHS, each month closed for good."""
    actor = create_user(username="closer", name="Closer")
    for day in MONTHS:
        period = open_period(legal_entity=facility.legal_entity, starts_on=day, actor=None)
        book.fill(facility, HISTORY // 2 // len(MONTHS), day)
        hard_close(period_id=period.pk, actor=actor)


def _trial_balance(facility: Any) -> float:
    return _timed(lambda: trial_balance(legal_entity=facility.legal_entity, as_of=book.DAY))


def _group_by() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id, sum(functional_minor) FROM ledger_posting GROUP BY account_id")
        cursor.fetchall()


def _timed(work: Callable[[], Any]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000
