"""What reviewers set aside."""

from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import Exists, OuterRef, Q, QuerySet

from hms_ach.access.models import Facility
from reconciliation.models import Discrepancy, DiscrepancyHold, SuggestionRejection


def hold_of(row: Discrepancy, *, now: datetime) -> DiscrepancyHold | None:
    """What keeps it off the queue now. One query."""
    if row.state not in ("OPEN", "REJECTED"):
        return None
    today = now.astimezone(ZoneInfo(row.facility.timezone)).date()
    holds = DiscrepancyHold.objects.filter(discrepancy=row, released_at=None, until_on__gt=today)
    return holds.select_related("held_by").first()


def is_held(facility_ids: Collection[int], now: datetime) -> Q:
    """What is put aside and not due back yet; every zone has its own day. One query."""
    active = Q(pk=None)
    for zone in zones_of(facility_ids):
        holds = DiscrepancyHold.objects.filter(
            discrepancy=OuterRef("pk"),
            released_at=None,
            until_on__gt=now.astimezone(ZoneInfo(zone)).date(),
        )
        active |= Q(Exists(holds), facility__timezone=zone)
    return Q(state__in=("OPEN", "REJECTED")) & active


def zones_of(facility_ids: Collection[int]) -> list[str]:
    """The time zones of facilities, each once. One query."""
    rows = Facility.objects.filter(pk__in=facility_ids).order_by("timezone")
    return list(rows.values_list("timezone", flat=True).distinct())


def rejections_of(row: Discrepancy) -> QuerySet[SuggestionRejection]:
    """Pairs with its line or item that a person rejected and nobody restored, the newest first."""
    said = Q(pk=None)
    if row.line_id is not None:
        said |= Q(line=row.line_id)
    elif row.expectation_id is not None:
        said |= Q(expectation=row.expectation_id)
    rows = SuggestionRejection.objects.filter(said, restored_at=None)
    return rows.select_related("line", "expectation", "rejected_by").order_by("-id")
