"""Many entries at once: by COPY beside a bare COPY of the same rows, by one statement beside one by one."""

import resource
import time
from collections.abc import Callable, Iterator
from typing import Any

from django.db import connection, connections, transaction

from ledger.commands import NewEntry, copy_entries, post_entries
from ledger.models import Entry
from tests.benchmarks import book
from tests.benchmarks.figures import Figure, beside, interleaved_medians, within

# Entries of two postings; the least that fills a chunk; those of one call of post_entries.
ENTRIES = {False: 50_000, True: 500_000}
LEAST = 10_000
REPETITIONS = {False: 3, True: 5}
SET = 500
FLAT_MEGABYTES = 40
LINES = book.postings(2)
TABLES = ("ledger_entry", "ledger_posting")
GUARDS = {"ledger_entry": "ledger_entry_checked", "ledger_posting": "ledger_posting_checked"}


def run(place: Any) -> Iterator[Figure]:
    """Each way writes the same into the same empty tables, and is taken back."""
    facility = book.make()
    yield _set(facility)
    yield _memory(facility, ENTRIES[place.is_full])
    yield _copied(facility, ENTRIES[place.is_full], REPETITIONS[place.is_full])


def _set(facility: Any) -> Figure:
    def alone() -> None:
        for n in range(SET):
            book.post(facility, f"alone{n}", LINES)

    taken = interleaved_medians(
        {
            "set": lambda: _rate(lambda: post_entries([_new(facility, n) for n in range(SET)]), SET),
            "alone": lambda: _rate(alone, SET),
        }
    )
    return beside(
        "ledger",
        f"entries by sets of {SET} in one statement",
        value=taken["set"],
        unit="1/s",
        against="post_entry, in one transaction",
        against_value=taken["alone"],
        ratio_at_least=2,
    )


def _memory(facility: Any, n_entries: int) -> Figure:
    """Before anything else of the size is held: a peak does not sink."""
    peaks = []
    for n in (LEAST, n_entries):
        _rate(lambda n=n: copy_entries(_entries(facility, n)), n)
        peaks.append(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return within(
        "ledger",
        f"memory that {n_entries:,} entries need beyond {LEAST:,}",
        value=peaks[1] - peaks[0],
        unit="MB",
        limit=FLAT_MEGABYTES,
    )


def _copied(facility: Any, n_entries: int, repetitions: int) -> Figure:
    """A bare COPY is sent the very rows that copy_entries wrote, ready made, with every trigger off."""
    rows = _rows_of(facility, n_entries)
    taken = interleaved_medians(
        {
            "ours": lambda: _rate(lambda: copy_entries(_entries(facility, n_entries)), 2 * n_entries),
            "bare": lambda: _bare(rows, 2 * n_entries),
        },
        repetitions=repetitions,
    )
    return beside(
        "ledger",
        f"{2 * n_entries:,} postings by copy_entries",
        value=taken["ours"],
        unit="1/s",
        against="bare COPY, same tables, no check",
        against_value=taken["bare"],
        ratio_at_least=0.5,
    )


def _new(facility: Any, n: int) -> NewEntry:
    return NewEntry(f"bulk{n}", facility, book.DAY, ("bench", "1"), "Bench", LINES)


def _entries(facility: Any, n_entries: int) -> Iterator[NewEntry]:
    return (_new(facility, n) for n in range(n_entries))


def _rate(work: Callable[[], Any], n: int) -> float:
    """How many in a second; what was written is taken back."""
    with transaction.atomic():
        begun = time.perf_counter()
        work()
        spent = time.perf_counter() - begun
        transaction.set_rollback(True)
    return n / spent


def _rows_of(facility: Any, n_entries: int) -> dict[str, bytes]:
    """What copy_entries wrote, as COPY reads it; taken back."""
    found = {}
    with transaction.atomic():
        copy_entries(_entries(facility, n_entries))
        assert Entry.objects.count() == n_entries
        for table in TABLES:
            with connection.cursor() as cursor, cursor.copy(f"COPY {table} TO STDOUT") as copy:
                found[table] = b"".join(bytes(piece) for piece in copy)
        transaction.set_rollback(True)
    return found


def _bare(rows: dict[str, bytes], n: int) -> float:
    """The owner switches the guards off and sends the rows; both are taken back."""
    with transaction.atomic(using="owner"):
        for table, guard in GUARDS.items():
            _execute(f"ALTER TABLE {table} DISABLE TRIGGER {guard}")
        begun = time.perf_counter()
        for table in TABLES:
            with connections["owner"].cursor() as cursor, cursor.copy(f"COPY {table} FROM STDIN") as copy:
                copy.write(rows[table])
        spent = time.perf_counter() - begun
        transaction.set_rollback(True, using="owner")
    return n / spent


def _execute(sql: str) -> None:
    with connections["owner"].cursor() as cursor:
        cursor.execute(sql)
