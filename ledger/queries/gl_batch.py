"""GL batches: which there are, what one holds, how far it got, and its bytes."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Count, Max, Min, OuterRef, QuerySet, Subquery

from hms_ach.access.models import Facility
from hms_ach.refusal import Refusal
from ledger.models import Entry, GlBatch, GlBatchFile, GlBatchLine, GlBatchStep
from ledger.rules.batch_life import RELEASED


class GlBatchNotReleased(Refusal):
    code = "gl_batch_not_released"
    sentence = (
        "Batch {batch} is {state}, and no file of it is handed out. Have it approved; once it is rejected, "
        "take the batch that is built instead."
    )


def gl_batches(
    *,
    facility_ids: Collection[int],
    since: date | None = None,
    until: date | None = None,
    states: Collection[str] = (),
) -> "QuerySet[Any]":
    """The facilities' batches with their state, latest first, to be paged. One query a page.

    states  only batches in these states; all when omitted
    """
    rows = _with_state(GlBatch.objects.filter(facility_id__in=facility_ids))
    rows = rows.select_related("facility", "legal_entity")
    if since:
        rows = rows.filter(business_on__gte=since)
    if until:
        rows = rows.filter(business_on__lte=until)
    if states:
        rows = rows.filter(state__in=states)
    return rows.order_by("-id")


def gl_batch(*, public_id: str, facility_ids: Collection[int], is_released: bool = False) -> GlBatch | None:
    """One batch with its state and what belongs to it; None when there is none in these facilities.

    is_released  only one that a second person approved: what the general ledger may see. One SQL query.
    """
    rows = _with_state(GlBatch.objects.filter(public_id=public_id, facility_id__in=facility_ids))
    related = ["facility", "legal_entity", "built_by", "rebuilds", "reverses", "mapping"]
    batch = rows.select_related(*related).first()
    if batch and is_released and not (batch.state in RELEASED or _was_released(batch)):
        return None
    return batch


def _with_state(rows: "QuerySet[Any]") -> "QuerySet[Any]":
    last = GlBatchStep.objects.filter(batch=OuterRef("pk")).order_by("-sequence")
    return rows.annotate(
        state=Subquery(last.values("state")[:1]),
        journal=Subquery(last.exclude(journal="").values("journal")[:1]),
    )


def standing_reversal(batch: GlBatch) -> GlBatch | None:
    """The batch that takes this one back and was not rejected; None without one. One SQL query."""
    return _with_state(batch.reversals.all()).exclude(state="REJECTED").order_by("-id").first()


def _was_released(batch: GlBatch) -> bool:
    return batch.steps.filter(state="APPROVED").exists()


def gl_batch_lines(batch: GlBatch) -> list[GlBatchLine]:
    """The batch's lines in their order, with their departments. One SQL query."""
    return list(batch.lines.select_related("department").order_by("line"))


def gl_batch_steps(batch: GlBatch) -> list[GlBatchStep]:
    """What became of the batch, by whom, when and why. One SQL query."""
    return list(batch.steps.select_related("made_by").order_by("sequence"))


def gl_batch_files(batch: GlBatch) -> list[GlBatchFile]:
    """The batch's files without their bytes, in the order they were made. One SQL query."""
    return list(batch.files.order_by("id"))


def gl_batch_file(batch: GlBatch, layout: str) -> GlBatchFile | None:
    """The batch's file in a layout, without its bytes. One SQL query."""
    return batch.files.filter(layout=layout).first()


def released_file(batch: GlBatch, layout: str) -> GlBatchFile | None:
    """The file of a batch that may go to the general ledger as it is now. At most two SQL queries.

    Raises GlBatchNotReleased before a second person approves the batch, and once it is rejected.
    """
    last = batch.steps.order_by("-sequence").first()
    if last is None or last.state not in RELEASED:
        state = last.get_state_display().lower() if last else "being built"
        raise GlBatchNotReleased(batch=batch, state=state)
    return gl_batch_file(batch, layout)


def file_bytes(file: GlBatchFile) -> Iterator[bytes]:
    """The bytes of a file, a megabyte at a time. One SQL query for each."""
    sequence = 1
    while (chunk := _chunk(file.pk, sequence)) is not None:
        yield chunk
        sequence += 1


def _chunk(file_id: int, sequence: int) -> bytes | None:
    """By a plain statement: the ORM's leaves its megabyte in a reference cycle until the next collection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT content FROM ledger_glbatchchunk WHERE file_id = %s AND sequence = %s",
            [file_id, sequence],
        )
        row = cursor.fetchone()
    return bytes(row[0]) if row else None


@dataclass(frozen=True, slots=True)
class Unbatched:
    """A facility's entries that no batch holds yet: the open batch."""

    facility: Facility
    n_entries: int
    since: date
    until: date


def unbatched(*, facility_ids: Collection[int]) -> list[Unbatched]:
    """What the next batch of each facility would hold, if there is anything. Two SQL queries."""
    waiting = (
        Entry.objects.filter(facility_id__in=facility_ids, gl_batch_entries=None)
        .values("facility_id")
        .annotate(n=Count("id"), since=Min("effective_on"), until=Max("effective_on"))
        .order_by("facility_id")
    )
    facilities = Facility.objects.select_related("legal_entity").in_bulk(list(facility_ids))
    return [
        Unbatched(facilities[row["facility_id"]], row["n"], row["since"], row["until"]) for row in waiting
    ]
