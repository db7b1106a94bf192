"""A document in the book: its entries, and what the general ledger made of each."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import F, OuterRef, Q, Subquery

from ledger.models import Entry, GlBatchEntry, GlBatchStep
from ledger.queries.entry import EntryBatch, EntryRow, rows_of


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """One entry with the batches that sent it, the latest first; empty while it is in none."""

    row: EntryRow
    batches: list[EntryBatch]


def document_entries(*sources: tuple[str, str]) -> list[DocumentEntry]:
    """The entries that a document caused, with their GL batches and the general ledger's journals.

    sources  (kind, public id) as given to post_entry: a document may cause entries under several kinds

    Two SQL queries.
    """
    by_kind: dict[str, list[str]] = defaultdict(list)
    for kind, public_id in sources:
        by_kind[kind].append(public_id)
    asked = Q(pk__in=[])
    for kind, public_ids in by_kind.items():
        asked |= Q(source_kind=kind, source_id__in=public_ids)
    found = rows_of(Entry.objects.filter(asked))
    sent = _batches([entry_id for entry_id, _row in found])
    return [DocumentEntry(row, sent[entry_id]) for entry_id, row in found]


def _batches(entry_ids: list[int]) -> dict[int, list[EntryBatch]]:
    steps = GlBatchStep.objects.filter(batch=OuterRef("batch")).order_by("-sequence")
    rows = GlBatchEntry.objects.filter(entry__in=entry_ids).annotate(
        state=Subquery(steps.values("state")[:1]),
        journal=Subquery(steps.exclude(journal="").values("journal")[:1]),
        public_id=F("batch__public_id"),
        number=F("batch__number"),
    )
    found: dict[int, list[EntryBatch]] = defaultdict(list)
    for row in rows.order_by("-attempt", "-id").values("entry", "public_id", "number", "state", "journal"):
        batch = EntryBatch(row["public_id"], row["number"], row["state"], row["journal"] or "")
        found[row["entry"]].append(batch)
    return found
