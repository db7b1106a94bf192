"""Entries a second through post_entry, beside pgbench running the same statement."""

from collections.abc import Iterator
from typing import Any

from ledger.commands.prepared import array
from tests.benchmarks import book, together
from tests.benchmarks.figures import Figure, beside, interleaved_medians
from tests.benchmarks.pgbench import transactions_a_second

SECONDS = 3
AIM = {1: 0.7, 2: 0.6, 4: 0.5, 8: 0.5}


def run(place: Any) -> Iterator[Figure]:
    """Two and five postings by 1, 2, 4 and 8 clients, in turns with pgbench."""
    facility = book.make()
    for n_postings in (2, 5):
        for clients in AIM:
            yield _entries_a_second(place, facility, n_postings, clients)


def _entries_a_second(place: Any, facility: Any, n_postings: int, clients: int) -> Figure:
    postings = book.postings(n_postings)
    values = _bound(facility, postings)
    taken = interleaved_medians(
        {
            "ours": lambda: together.rate(
                lambda key: book.post(facility, key, postings), clients=clients, seconds=SECONDS
            ),
            "pgbench": lambda: transactions_a_second(
                place.postgres_programs, values=values, clients=clients, seconds=SECONDS
            ),
        }
    )
    return beside(
        "ledger",
        f"entries of {n_postings} postings, {clients} client{'s' * (clients > 1)}",
        value=taken["ours"],
        unit="1/s",
        against="pgbench, the same statement",
        against_value=taken["pgbench"],
        ratio_at_least=AIM[clients],
    )


def _bound(facility: Any, postings: list) -> dict[str, Any]:
    """What post_entry binds for book.post, as text."""
    return {
        "facility_id": facility.pk,
        "legal_entity_id": facility.legal_entity_id,
        "effective_on": book.DAY,
        "belongs_on": None,
        "posted_at": None,
        "posted_by_id": None,
        "source_kind": "bench",
        "source_id": "1",
        "memo": "Bench",
        "content_hash": "\\x" + "5a" * 32,
        "n_postings": len(postings),
        "currency": "USD",
        "total": sum(p.amount.minor for p in postings if p.amount.minor > 0),
        "roles": array(p.role for p in postings),
        "amounts": array(p.amount.minor for p in postings),
        "departments": array(None for p in postings),
        "payer_classes": array(p.payer_class for p in postings),
        "payers": array(p.payer for p in postings),
        "tenders": array(p.tender for p in postings),
        "references": array(p.reference for p in postings),
    }
