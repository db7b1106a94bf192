"""What each of the database's checks costs an entry: the same postings with it and without it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connections, transaction

from tests.benchmarks import book
from tests.benchmarks.figures import Figure, beside, interleaved_medians

ENTRIES = {False: 400, True: 2_000}
REPETITIONS = 5
# What the owner switches off: (table, trigger). The unique index of lines is not among
# them: the other checks find an entry's postings by it.
TRIGGERS = {
    "entry: place, period, poster, has postings": ("ledger_entry", "ledger_entry_checked"),
    "posting: balance, lines, accounts, rates": ("ledger_posting", "ledger_posting_checked"),
}


def run(place: Any) -> Iterator[Figure]:
    """One client posts two-leg entries in one transaction, waiting for no disk, and takes them back."""
    facility = book.make()
    n = ENTRIES[place.is_full]
    for name, (table, trigger) in TRIGGERS.items():
        yield _cost(facility, n, name, _without_trigger(table, trigger))
    yield _cost(facility, n, "all of them", _without_all())


def _cost(facility: Any, n: int, name: str, without: Any) -> Figure:
    def unchecked() -> float:
        with without():
            return _microseconds(facility, n)

    taken = interleaved_medians(
        {"with": lambda: _microseconds(facility, n), "without": unchecked}, repetitions=REPETITIONS
    )
    return beside(
        "ledger",
        f"check {name}",
        value=taken["with"],
        unit="us",
        against="an entry without it",
        against_value=taken["without"],
    )


def _microseconds(facility: Any, n: int) -> float:
    lines = book.postings(2)
    with transaction.atomic():
        book.post(facility, "warm", lines)
        begun = time.perf_counter()
        for number in range(n):
            book.post(facility, f"check{number}", lines)
        spent = time.perf_counter() - begun
        transaction.set_rollback(True)
    return spent / n * 1e6


def _without_trigger(table: str, trigger: str) -> Any:
    @contextmanager
    def without() -> Iterator[None]:
        _owner(f"ALTER TABLE {table} DISABLE TRIGGER {trigger}")
        try:
            yield
        finally:
            _owner(f"ALTER TABLE {table} ENABLE TRIGGER {trigger}")

    return without


def _without_all() -> Any:
    @contextmanager
    def without() -> Iterator[None]:
        with (
            _without_trigger("ledger_entry", "ledger_entry_checked")(),
            _without_trigger("ledger_posting", "ledger_posting_checked")(),
        ):
            yield

    return without


def _owner(sql: str) -> list[tuple]:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchall() if cursor.description else []
