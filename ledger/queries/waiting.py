"""What awaits a person at the book."""

from collections.abc import Collection

from django.db.models import Count, DateTimeField, Min
from django.urls import reverse

from hms_ach.access.models import LegalEntity, User
from hms_ach.access.queries import roles_of
from hms_ach.web.waiting import Waiting
from ledger.models import BalanceCheck, Journal, PeriodReopening, RoleChange
from ledger.queries.clearing import Overdue, overdue_items


def waiting(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """What others asked for, figures that drifted, clearing items that grew old. Six queries."""
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
        _drifts(facility_ids),
        *_overdue_items(user, facility_ids),
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


def _drifts(facility_ids: Collection[int]) -> Waiting:
    """What the last check of each legal entity found; done when a later one finds nothing."""
    latest = (
        BalanceCheck.objects.filter(legal_entity__facilities__in=facility_ids)
        .order_by("legal_entity_id", "-checked_at", "-id")
        .distinct("legal_entity_id")
    )
    drifted = [check for check in latest if check.n_drifts]
    return Waiting(
        title="Figures of the book that do not add up",
        count=sum(check.n_drifts for check in drifted),
        url=reverse("ledger:balance-check-list"),
        permission="ledger.view_period",
        oldest_on=min((check.checked_at.date() for check in drifted), default=None),
    )


def _overdue_items(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Items of clearing accounts past a limit of the person's roles, a row for each legal entity."""
    found = overdue_items(owners=roles_of(user), facility_ids=facility_ids)
    entities = LegalEntity.objects.filter(facilities__in=facility_ids).distinct().order_by("code")
    nothing = Overdue(0, None)
    return [
        Waiting(
            title=f"Items past their limit on clearing accounts of {entity.name}",
            count=found.get(entity.pk, nothing).count,
            url=f"{reverse('ledger:open-item-list')}?entity={entity.code}&mine=on",
            permission="ledger.explain_item",
            oldest_on=found.get(entity.pk, nothing).oldest_on,
        )
        for entity in entities
    ]
