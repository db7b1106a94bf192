"""GL batches: which there are, what one holds, and its bytes."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from ledger.models import GlBatch, GlBatchFile, GlBatchLine


def gl_batches(
    *,
    facility_ids: Collection[int],
    since: date | None = None,
    until: date | None = None,
) -> "QuerySet[GlBatch]":
    """The facilities' batches by business day, with facility and entity, to be paged. One query a page."""
    rows = GlBatch.objects.filter(facility_id__in=facility_ids).select_related("facility", "legal_entity")
    if since:
        rows = rows.filter(business_on__gte=since)
    if until:
        rows = rows.filter(business_on__lte=until)
    return rows.order_by("-id")


def gl_batch(*, public_id: str, facility_ids: Collection[int]) -> GlBatch | None:
    """One batch with its facility and builder; None when there is none in these facilities. One SQL query."""
    rows = GlBatch.objects.select_related("facility", "legal_entity", "built_by")
    return rows.filter(public_id=public_id, facility_id__in=facility_ids).first()


def gl_batch_lines(batch: GlBatch) -> list[GlBatchLine]:
    """The batch's lines in their order, with their departments. One SQL query."""
    return list(batch.lines.select_related("department").order_by("line"))


def gl_batch_file(batch: GlBatch, layout: str) -> GlBatchFile:
    """The batch's bytes in a layout: json, jsonl or csv. One SQL query."""
    return batch.files.get(layout=layout)


def gl_batch_sha256(batch: GlBatch) -> dict[str, str]:
    """The SHA-256 of the batch's bytes in each layout. One SQL query."""
    return dict(batch.files.order_by("layout").values_list("layout", "sha256"))
