"""What awaits a person at the book."""

from collections.abc import Collection

from django.db.models import Count, DateTimeField, Min
from django.urls import reverse

from hms_ach.access.models import User
from hms_ach.web.waiting import Waiting
from ledger.models import PeriodReopening


def waiting(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Reopenings that others asked for in these facilities' legal entities. One SQL query."""
    asked = PeriodReopening.objects.filter(
        approved_by=None, period__legal_entity__facilities__in=facility_ids
    ).exclude(requested_by=user)
    found = asked.aggregate(
        count=Count("id", distinct=True), oldest_at=Min("requested_at", output_field=DateTimeField())
    )
    return [
        Waiting(
            title="Reopenings of periods to approve",
            count=found["count"],
            url=reverse("ledger:period-list"),
            permission="ledger.reopen",
            oldest_on=found["oldest_at"].date() if found["oldest_at"] else None,
        )
    ]
