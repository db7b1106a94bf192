"""Ways to the general ledger, and what went over them."""

from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from hms_ach import clock
from hms_ach.access.models import LegalEntity
from ledger.models import (
    DeliveryProfile,
    DeliveryProfileApproval,
    GlBatch,
    GlBatchDelivery,
    GlBatchStep,
)


def delivery_profiles(*, legal_entity_ids: Collection[int]) -> "QuerySet[DeliveryProfile]":
    """The entities' profiles with their approvals, the latest version of a code first. One SQL query."""
    rows = DeliveryProfile.objects.filter(legal_entity_id__in=legal_entity_ids)
    rows = rows.select_related("legal_entity", "written_by", "retired_by", "approval__approved_by")
    return rows.order_by("legal_entity_id", "code", "-version")


def delivery_profiles_in_force(*, legal_entity: LegalEntity) -> list[DeliveryProfile]:
    """The highest approved version of each code, unless it is retired; by code. One SQL query."""
    latest: dict[str, DeliveryProfile] = {}
    for row in delivery_profiles(legal_entity_ids=[legal_entity.pk]).exclude(approval=None):
        latest.setdefault(row.code, row)
    return [profile for profile in latest.values() if profile.retired_at is None]


def deliveries(*, facility_ids: Collection[int], states: Collection[str] = ()) -> "QuerySet[GlBatchDelivery]":
    """Deliveries of the facilities' batches, the latest first, to be paged. One SQL query a page.

    states  only those in these states; all when omitted
    """
    rows = GlBatchDelivery.objects.filter(batch__facility_id__in=facility_ids)
    if states:
        rows = rows.filter(state__in=states)
    related = rows.select_related("batch__facility", "profile", "asked_by")
    return related.annotate(is_replaced=_replaced()).order_by("-id")


def _replaced() -> Exists:
    """Whether a later version of a delivery's profile counts; the delivery keeps to its own."""
    newer = DeliveryProfileApproval.objects.filter(
        profile__legal_entity=OuterRef("profile__legal_entity"),
        profile__code=OuterRef("destination"),
        profile__version__gt=OuterRef("profile__version"),
    )
    return Exists(newer)


def deliveries_of(batch: GlBatch) -> list[GlBatchDelivery]:
    """A batch's deliveries with their tries, in their order. Two SQL queries."""
    rows = batch.deliveries.select_related("profile", "asked_by").prefetch_related("attempts")
    return list(rows.annotate(is_replaced=_replaced()).order_by("id"))


def deliveries_owed() -> list[int]:
    """Which deliveries are due now, the oldest first. One SQL query."""
    rows = GlBatchDelivery.objects.filter(state__in=["QUEUED", "FAILED"], next_try_at__lte=clock.now())
    return list(rows.order_by("next_try_at", "id").values_list("id", flat=True))


def batches_owed(profile: DeliveryProfile, *, since: datetime) -> list[GlBatch]:
    """Batches that were approved since a moment, wait to be taken, and never went this way. One SQL query."""
    steps = GlBatchStep.objects.filter(batch=OuterRef("pk"))
    approved = steps.filter(state="APPROVED", made_at__gte=since)
    sent = GlBatchDelivery.objects.filter(batch=OuterRef("pk"), destination=profile.code)
    rows = GlBatch.objects.filter(Q(legal_entity_id=profile.legal_entity_id), Exists(approved), ~Exists(sent))
    rows = rows.annotate(last=Subquery(steps.order_by("-sequence").values("state")[:1]))
    related = rows.filter(last__in=["APPROVED", "EXPORTED"]).select_related("facility", "legal_entity")
    return list(related.order_by("id"))
