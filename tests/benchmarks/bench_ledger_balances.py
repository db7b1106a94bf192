"""The trial balance and receivables by payer, with years of closed months behind the open one."""

import time
from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

from django.db import connection

from hms_ach.access.commands import create_user
from ledger.commands import hard_close, open_period
from ledger.queries import Scope, receivables_roll_forward, trial_balance
from tests.benchmarks import book
from tests.benchmarks.figures import Figure, beside, interleaved_medians, within

OPEN = {False: 60_000, True: 300_000}
SMALL = 20_000
# How many postings lie in how many closed months, smallest first.
HISTORIES = {False: [(200_000, 11)], True: [(1_000_000, 11), (5_000_000, 55)]}
# What a closed history may add to the time that the open month alone takes.
INDEPENDENT = 1.5
LIMIT_MS = 150


def run(place: Any) -> Iterator[Figure]:
    """One open month, then the same small month without and with each history."""
    yield from _beside_group_by(OPEN[place.is_full])
    young = _with_history("YOUNG", 0, 0)
    for postings, months in HISTORIES[place.is_full]:
        old = _with_history(f"OLD{months}", postings, months)
        for name, work in {"trial balance": _trial_balance, "receivables by payer": _roll_forward}.items():
            yield _beside_no_history(name, work, old, young, postings, months)


def _beside_group_by(postings: int) -> Iterator[Figure]:
    facility = book.make("ONE")
    book.fill(facility, postings // 2)
    book.maintain()
    taken = interleaved_medians({"ours": lambda: _trial_balance(facility), "bare": lambda: _timed(_group_by)})
    figure = f"trial balance of {postings:,} open postings"
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


def _beside_no_history(
    name: str, work: Callable[[Any], float], old: Any, young: Any, postings: int, months: int
) -> Figure:
    taken = interleaved_medians({"old": lambda: work(old), "young": lambda: work(young)})
    return beside(
        "ledger",
        f"{name}, {SMALL:,} open and {postings:,} closed",
        value=taken["old"],
        unit="ms",
        against=f"{SMALL:,} open without the {months} months",
        against_value=taken["young"],
        ratio_at_most=INDEPENDENT,
    )


def _with_history(code: str, postings: int, months: int) -> Any:
    """A book of SMALL open postings after closed months with these many postings in all."""
    facility = book.make(code)
    actor = create_user(username=f"closer.{code}", name="Closer")
    for before in range(months, 0, -1):
        number = book.DAY.year * 12 + book.DAY.month - 1 - before
        day = date(number // 12, number % 12 + 1, 15)
        period = open_period(legal_entity=facility.legal_entity, starts_on=day, actor=None)
        book.fill(facility, postings // 2 // months, day)
        hard_close(period_id=period.pk, actor=actor)
    book.fill(facility, SMALL // 2)
    book.maintain()
    return facility


def _trial_balance(facility: Any) -> float:
    return _timed(lambda: trial_balance(legal_entity=facility.legal_entity, as_of=book.DAY))


def _roll_forward(facility: Any) -> float:
    """Of the open month."""
    scope = Scope(facility.legal_entity, [facility], book.DAY.replace(day=1), book.DAY)
    return _timed(lambda: receivables_roll_forward(scope))


def _group_by() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT account_id, sum(functional_minor) FROM ledger_posting GROUP BY account_id")
        cursor.fetchall()


def _timed(work: Callable[[], Any]) -> float:
    """Milliseconds."""
    begun = time.perf_counter()
    work()
    return (time.perf_counter() - begun) * 1000
