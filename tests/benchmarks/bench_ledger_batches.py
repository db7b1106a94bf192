"""A GL batch of ten thousand to a million postings, built in every layout and read back."""

import resource
import time
from collections.abc import Iterator
from typing import Any

from ledger.commands import build_gl_batch
from ledger.queries import file_bytes
from tests.benchmarks import book
from tests.benchmarks.figures import Figure, beside, within

SIZES = (10_000, 100_000, 1_000_000)
# The time for a posting may vary this much between the smallest and the largest batch.
LINEAR = 1.5
FLAT_MEGABYTES = 100


def run(place: Any) -> Iterator[Figure]:
    """Each size in a facility of its own, the smallest first."""
    built: dict[int, float] = {}
    peaks: dict[int, float] = {}
    for size in SIZES:
        facility = book.make(f"B{size // 1000}")
        book.fill(facility, size // 2)
        book.maintain()
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
