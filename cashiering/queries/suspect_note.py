"""The log of notes that may be false."""

from collections.abc import Collection

from django.db.models import QuerySet

from cashiering.models import SuspectNote


def suspect_notes_of(facility_ids: Collection[int]) -> QuerySet[SuspectNote]:
    """Notes taken out of the facilities' drawers, newest first. One SQL query."""
    rows = SuspectNote.objects.filter(movement__session__facility_id__in=facility_ids)
    return rows.select_related("patient", "movement__made_by", "movement__session__facility").order_by("-id")
