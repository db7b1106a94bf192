"""What awaits a person at the book."""

from collections.abc import Collection

from django.db.models import Count, DateTimeField, Min
from django.urls import reverse

from hms_ach.access.models import User
from hms_ach.web.waiting import Waiting
from ledger.models import Journal, PeriodReopening, RoleChange


def waiting(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """What others asked for in these entities: reopenings, changes of roles, journals. Three queries."""
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
        ),
        _role_changes(user, facility_ids),
        _journals(user, facility_ids),
    ]


def _role_changes(user: User, facility_ids: Collection[int]) -> Waiting:
    asked = RoleChange.objects.filter(decided_by=None, legal_entity__facilities__in=facility_ids)
    found = asked.exclude(proposed_by=user).aggregate(
        count=Count("id", distinct=True), oldest_at=Min("proposed_at", output_field=DateTimeField())
    )
    return Waiting(
        title="Changes of account roles to decide",
        count=found["count"],
        url=reverse("ledger:account-role-list"),
        permission="ledger.decide_role_change",
        oldest_on=found["oldest_at"].date() if found["oldest_at"] else None,
    )


def _journals(user: User, facility_ids: Collection[int]) -> Waiting:
    asked = Journal.objects.filter(state=Journal.State.PROPOSED, facility_id__in=facility_ids)
    found = asked.exclude(prepared_by=user).aggregate(
        count=Count("id"), oldest_at=Min("prepared_at", output_field=DateTimeField())
    )
    return Waiting(
        title="Journals to approve",
        count=found["count"],
        url=f"{reverse('ledger:journal-list')}?state=PROPOSED",
        permission="ledger.approve_journal",
        oldest_on=found["oldest_at"].date() if found["oldest_at"] else None,
    )
