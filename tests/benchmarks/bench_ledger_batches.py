"""A GL batch of ten thousand to a million postings, built in every layout and read back."""

import resource
import time
from collections.abc import Iterator
from typing import Any

from django.db import connection, transaction

from ledger.commands import build_gl_batch
from ledger.queries import file_bytes
from tests.benchmarks import book
from tests.benchmarks.figures import Figure, beside, within

SIZES = (10_000, 100_000, 1_000_000)
# The time for a posting may vary this much between the smallest and the largest batch.
LINEAR = 1.5
FLAT_MEGABYTES = 100

_ENTRIES = """
    INSERT INTO ledger_entry (public_id, key, legal_entity_id, facility_id, period_id, effective_on,
        posted_at, source_kind, source_id, memo, content_hash, n_postings, total_functional_minor)
    SELECT 'ent_' || %(code)s || lpad(n::text, 20, '0'), %(code)s || n, period.legal_entity_id, %(facility)s,
        period.id, %(day)s, now(), 'bench', n::text, '', '', 2, 12500
    FROM generate_series(1, %(entries)s) AS n, ledger_period period WHERE period.legal_entity_id = %(entity)s
"""
_POSTINGS = """
    INSERT INTO ledger_posting (entry_id, line, legal_entity_id, facility_id, effective_on, account_id, role,
        amount_minor, currency, functional_minor, payer_class, payer, tender, reference)
    SELECT entry.id, side.line, entry.legal_entity_id, entry.facility_id, entry.effective_on, role.account_id,
        role.role, side.amount, 'USD', side.amount, '', '',
        (ARRAY['CASH', 'CARD', 'CHEQUE'])[1 + entry.id %% 3], ''
    FROM ledger_entry entry
    CROSS JOIN (VALUES (1::smallint, 'cash.drawer', 12500), (2::smallint, 'receivable.patient', -12500))
        AS side (line, role, amount)
    JOIN ledger_accountrole role ON role.role = side.role AND role.legal_entity_id = entry.legal_entity_id
    WHERE entry.facility_id = %(facility)s
"""


def run(place: Any) -> Iterator[Figure]:
    """Each size in a facility of its own, the smallest first."""
    built: dict[int, float] = {}
    peaks: dict[int, float] = {}
    for size in SIZES:
        facility = book.make(f"B{size // 1000}")
        _post(facility, size // 2)
        begun = time.perf_counter()
        batch = build_gl_batch(facility=facility, business_on=book.DAY, actor=None)
        built[size] = time.perf_counter() - begun
        assert batch.n_entries == size // 2
        begun = time.perf_counter()
        n_bytes = sum(len(piece) for file in batch.files.all() for piece in file_bytes(file))
        read = time.perf_counter() - begun
        peaks[size] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        yield Figure("ledger", f"batch of {size:,} postings built", size / built[size], "1/s")
        yield Figure(
            "ledger", f"  its {n_bytes / 1e6:.1f} MB in 8 layouts read", n_bytes / 1e6 / read, "MB/s"
        )
    least, most = SIZES[0], SIZES[-1]
    yield beside(
        "ledger",
        f"time for a posting, batch of {most:,}",
        value=built[most] / most * 1e6,
        unit="us",
        against=f"batch of {least:,}",
        against_value=built[least] / least * 1e6,
        ratio_at_most=LINEAR,
    )
    yield within(
        "ledger",
        f"memory that {most:,} need beyond {least:,}",
        value=peaks[most] - peaks[least],
        unit="MB",
        limit=FLAT_MEGABYTES,
    )


def _post(facility: Any, n_entries: int) -> None:
    """Entries of two postings by two statements, past every trigger."""
    values = {
        "code": facility.code,
        "entity": facility.legal_entity_id,
        "facility": facility.pk,
        "day": book.DAY,
        "entries": n_entries,
    }
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_ENTRIES, values)
        cursor.execute(_POSTINGS, values)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE ledger_entry")
        cursor.execute("ANALYZE ledger_posting")
