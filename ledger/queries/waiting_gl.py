"""What awaits a person on the way to the general ledger: maps, batches, profiles, deliveries."""

from collections.abc import Collection
from typing import Any

from django.db.models import Count, DateTimeField, Exists, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from hms_ach.access.models import LegalEntity, User
from hms_ach.web.waiting import Waiting
from ledger.models import (
    DeliveryProfile,
    ExportProfile,
    GlBatchDelivery,
    GlBatchStep,
    MappingRule,
    MappingRuleRemoval,
    MappingStep,
)


def awaiting(title: str, rows: "QuerySet[Any]", moment: str, *, url: str, permission: str) -> Waiting:
    """The rows counted, with the day of the oldest. One SQL query."""
    found = rows.aggregate(
        count=Count("id", distinct=True), oldest_at=Min(moment, output_field=DateTimeField())
    )
    oldest_on = found["oldest_at"].date() if found["oldest_at"] else None
    return Waiting(title=title, count=found["count"], url=url, permission=permission, oldest_on=oldest_on)


def asked_for_mapping(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Maps, export profiles and delivery profiles that somebody else wrote. Three SQL queries."""
    return [_maps(user, facility_ids), _exports(user, facility_ids), _deliveries(user, facility_ids)]


def _maps(user: User, facility_ids: Collection[int]) -> Waiting:
    """Submitted versions of which the person wrote, took out and submitted nothing."""
    same = {"version": OuterRef("version")}
    later = MappingStep.objects.filter(**same, sequence__gt=OuterRef("sequence"))
    wrote = MappingRule.objects.filter(**same, written_by=user)
    removed = MappingRuleRemoval.objects.filter(**same, removed_by=user)
    submitted = MappingStep.objects.filter(**same, state="SUBMITTED", made_by=user)
    rows = MappingStep.objects.filter(~Exists(later), state="SUBMITTED")
    rows = rows.filter(~Exists(wrote), ~Exists(removed), ~Exists(submitted))
    rows = rows.filter(version__legal_entity__facilities__in=facility_ids).exclude(version__created_by=user)
    url, permission = reverse("ledger:mapping-list"), "ledger.approve_mapping"
    return awaiting("Maps to approve", rows, "made_at", url=url, permission=permission)


def _exports(user: User, facility_ids: Collection[int]) -> Waiting:
    """The latest version of each export profile, where nobody approved it."""
    newer = ExportProfile.objects.filter(
        legal_entity=OuterRef("legal_entity"), code=OuterRef("code"), version__gt=OuterRef("version")
    )
    rows = ExportProfile.objects.filter(
        ~Exists(newer), approval=None, legal_entity__facilities__in=facility_ids
    ).exclude(written_by=user)
    url, permission = reverse("ledger:export-profile-list"), "ledger.approve_mapping"
    return awaiting("Export profiles to approve", rows, "written_at", url=url, permission=permission)


def _deliveries(user: User, facility_ids: Collection[int]) -> Waiting:
    """The latest version of each delivery profile, where nobody approved or retired it."""
    newer = DeliveryProfile.objects.filter(
        legal_entity=OuterRef("legal_entity"), code=OuterRef("code"), version__gt=OuterRef("version")
    )
    rows = DeliveryProfile.objects.filter(
        ~Exists(newer), approval=None, retired_at=None, legal_entity__facilities__in=facility_ids
    ).exclude(written_by=user)
    url, permission = reverse("ledger:delivery-profile-list"), "ledger.approve_mapping"
    return awaiting("Delivery profiles to approve", rows, "written_at", url=url, permission=permission)


def asked_for_batches(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Batches that await a second person and the person did not build; a row for each legal entity."""
    later = GlBatchStep.objects.filter(batch=OuterRef("batch"), sequence__gt=OuterRef("sequence"))
    rows = GlBatchStep.objects.filter(~Exists(later), state="VALIDATED", batch__facility__in=facility_ids)
    rows = rows.filter(Q(batch__built_by=None) | ~Q(batch__built_by=user))
    permission, list_url = "ledger.approve_gl_batch", reverse("ledger:gl-batch-list")
    found = []
    for entity in LegalEntity.objects.filter(facilities__in=facility_ids).distinct().order_by("code"):
        own = rows.filter(batch__legal_entity=entity)
        url = f"{list_url}?entity={entity.code}&state=VALIDATED"
        title = f"GL batches of {entity.name} to approve"
        found.append(awaiting(title, own, "made_at", url=url, permission=permission))
    return found


def deliveries_failing(_user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Deliveries that fail and are tried again; and those given up and not sent again since, of batches that
    still wait there. Two SQL queries.
    """
    permission, list_url = "ledger.queue_delivery", reverse("ledger:delivery-list")
    failing = GlBatchDelivery.objects.filter(state="FAILED", batch__facility__in=facility_ids)
    title, url = "GL batches whose delivery fails and is tried again", f"{list_url}?state=FAILED"
    return [
        awaiting(title, failing, "queued_at", url=url, permission=permission),
        _given_up(facility_ids, f"{list_url}?state=GIVEN_UP", permission),
    ]


def _given_up(facility_ids: Collection[int], url: str, permission: str) -> Waiting:
    again = GlBatchDelivery.objects.filter(
        batch=OuterRef("batch"), destination=OuterRef("destination"), repeat__gt=OuterRef("repeat")
    )
    steps = GlBatchStep.objects.filter(batch=OuterRef("batch")).order_by("-sequence")
    rows = GlBatchDelivery.objects.filter(~Exists(again), state="GIVEN_UP", batch__facility__in=facility_ids)
    rows = rows.annotate(last=Subquery(steps.values("state")[:1])).filter(last__in=["APPROVED", "EXPORTED"])
    title = "GL batches that were not delivered"
    return awaiting(title, rows, "finished_at", url=url, permission=permission)
