"""Who is at the desk, and who is expected, as a cashier needs it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import F, Q, QuerySet

from billing.models import Arrival
from hms_ach.access.models import Facility
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class Arriving:
    """A patient of today. copay is None where nobody knows it, arrived_at until the patient is here."""

    patient_id: int
    name: str
    mrn: str
    copay: Money | None
    expected_at: datetime
    arrived_at: datetime | None


def arrivals_at(
    facility: Facility, *, on: date, gone: Collection[int] = (), of: int | None = None, limit: int = 50
) -> list[Arriving]:
    """Who is at the desk, the longest waiting first, then who is expected, in the order of their hours.

    on    the facility's day, by its own clock
    gone  patients that need the desk no more
    of    only this patient's visits

    One SQL query, at most `limit` rows.
    """
    begins = datetime.combine(on, time.min, ZoneInfo(facility.timezone))
    ends = datetime.combine(on + timedelta(days=1), time.min, ZoneInfo(facility.timezone))
    today = Q(expected_at__gte=begins, expected_at__lt=ends) | Q(arrived_at__gte=begins, arrived_at__lt=ends)
    rows = Arrival.objects.filter(today, facility=facility, state__in=["EXPECTED", "ARRIVED"])
    rows = rows.exclude(patient_id__in=gone).select_related("patient")
    if of is not None:
        rows = rows.filter(patient_id=of)
    ordered = rows.order_by(F("arrived_at").asc(nulls_last=True), "expected_at", "id")
    return [_arriving(row) for row in ordered[:limit]]


def arrivals_of(facility_ids: Collection[int]) -> QuerySet[Arrival]:
    """All that was told of the facilities, the latest first."""
    rows = Arrival.objects.filter(facility_id__in=facility_ids)
    return rows.select_related("facility", "patient").order_by("-id")


def _arriving(row: Arrival) -> Arriving:
    return Arriving(
        patient_id=row.patient_id,
        name=f"{row.patient.given_name} {row.patient.family_name}",
        mrn=row.patient.mrn,
        copay=None if row.copay_minor is None else Money(row.copay_minor, row.currency),
        expected_at=row.expected_at,
        arrived_at=row.arrived_at,
    )
