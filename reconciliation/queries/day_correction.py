"""Whether a day is open, final or locked, and what was put right in it since."""

from collections.abc import Collection
from datetime import date

from django.db.models import QuerySet

from hms_ach.access.models import Facility
from ledger.queries import is_period_closed
from reconciliation.models import DayClose, DayCorrection, Match


def is_in_closed_day(match: Match) -> bool:
    """Whether the match's day is closed, or a later one whose board counted it."""
    closed = DayClose.objects.filter(facility=match.account.facility, business_on__gte=match.effective_on)
    return closed.exists()


def is_day_locked(facility: Facility, business_on: date) -> bool:
    """Whether nothing of a day can be put right any more: its accounting period takes no entries."""
    return is_period_closed(legal_entity=facility.legal_entity, on=business_on)


def day_corrections(facility_ids: Collection[int]) -> QuerySet[DayCorrection]:
    """The corrections of final days at these facilities, in the order in which they were asked for."""
    rows = DayCorrection.objects.filter(match__account__facility_id__in=facility_ids).order_by("id")
    return rows.select_related("match__account__facility__legal_entity", "proposed_by", "decided_by")
