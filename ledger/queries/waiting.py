"""What awaits a person at the book."""

from collections.abc import Callable, Collection

from django.db.models import Exists, OuterRef
from django.urls import reverse

from hms_ach.access.models import LegalEntity, User
from hms_ach.access.queries import permissions_held, roles_of
from hms_ach.web.waiting import Waiting
from ledger.models import BalanceCheck, Journal, JournalLimit, RoleChange
from ledger.queries.affiliates import settlements
from ledger.queries.clearing import Overdue, overdue_items
from ledger.queries.journal_limit import limits_of, surely_above
from ledger.queries.period import reopenings_awaiting
from ledger.queries.waiting_close import checklists_to_decide, steps_to_do, tie_outs_to_sign, years_to_close
from ledger.queries.waiting_gl import (
    asked_for_batches,
    asked_for_mapping,
    awaiting,
    deliveries_failing,
)

Limits = list[tuple[LegalEntity, int]]


def waiting(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """What others asked for, steps of closes, figures that drifted, items that grew old.

    A query or two for each kind of work that the person's roles allow, none for the others.
    """
    kinds: dict[str, Callable[[User, Collection[int]], list[Waiting]]] = {
        "ledger.reopen": _reopenings,
        "ledger.decide_role_change": _role_changes,
        "ledger.approve_journal": _by_hand,
        "ledger.approve_journal_limit": _limits,
        "ledger.approve_mapping": asked_for_mapping,
        "ledger.approve_gl_batch": asked_for_batches,
        "ledger.queue_delivery": deliveries_failing,
        "ledger.finish_task": steps_to_do,
        "ledger.sign_tie_out": tie_outs_to_sign,
        "ledger.close_year": years_to_close,
        "ledger.approve_checklist": checklists_to_decide,
        "ledger.view_period": _drifts,
        "ledger.explain_item": _overdue_items,
    }
    held = permissions_held(user)
    return [row for name, kind in kinds.items() if name in held for row in kind(user, facility_ids)]


def _reopenings(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    asked = reopenings_awaiting().filter(period__legal_entity__facilities__in=facility_ids)
    asked = asked.exclude(requested_by=user)
    title, url = "Reopenings of periods to approve", reverse("ledger:period-list")
    return [awaiting(title, asked, "requested_at", url=url, permission="ledger.reopen")]


def _role_changes(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    asked = RoleChange.objects.filter(decided_by=None, legal_entity__facilities__in=facility_ids)
    title, url = "Changes of account roles to decide", reverse("ledger:account-role-list")
    rows = asked.exclude(proposed_by=user)
    return [awaiting(title, rows, "proposed_at", url=url, permission="ledger.decide_role_change")]


def _by_hand(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """Journals, and settlements between entities; what is above the person's limit awaits somebody else."""
    limits = limits_of(user, facility_ids=facility_ids)
    return [_journals(user, facility_ids, limits), _settlements(user, facility_ids, limits)]


def _settlements(user: User, facility_ids: Collection[int], limits: Limits) -> Waiting:
    asked = settlements(facility_ids).filter(verdict=None).exclude(proposed_by=user).order_by()
    for side in ("debtor", "creditor"):
        asked = asked.exclude(surely_above(limits, facility=side, amount="amount_minor"))
    title, url = "Settlements between entities to approve", f"{reverse('ledger:affiliate-list')}#settlements"
    return awaiting(title, asked, "proposed_at", url=url, permission="ledger.approve_journal")


def _journals(user: User, facility_ids: Collection[int], limits: Limits) -> Waiting:
    asked = Journal.objects.filter(state=Journal.State.PROPOSED, facility_id__in=facility_ids)
    url = f"{reverse('ledger:journal-list')}?state=PROPOSED"
    rows = asked.exclude(prepared_by=user)
    rows = rows.exclude(surely_above(limits, facility="facility", amount="total_minor"))
    permission = "ledger.approve_journal"
    return awaiting("Journals to approve", rows, "prepared_at", url=url, permission=permission)


def _limits(user: User, facility_ids: Collection[int]) -> list[Waiting]:
    newer = JournalLimit.objects.filter(
        legal_entity=OuterRef("legal_entity"), role=OuterRef("role"), pk__gt=OuterRef("pk")
    )
    asked = JournalLimit.objects.filter(~Exists(newer), approval=None)
    rows = asked.filter(legal_entity__facilities__in=facility_ids).exclude(set_by=user)
    title, url = "Limits of journals to approve", reverse("ledger:journal-limit-list")
    return [awaiting(title, rows, "set_at", url=url, permission="ledger.approve_journal_limit")]


def _drifts(_user: User, facility_ids: Collection[int]) -> list[Waiting]:
    """What the last check of each legal entity found; done when a later one finds nothing."""
    latest = (
        BalanceCheck.objects.filter(legal_entity__facilities__in=facility_ids)
        .order_by("legal_entity_id", "-checked_at", "-id")
        .distinct("legal_entity_id")
    )
    drifted = [check for check in latest if check.n_drifts]
    return [
        Waiting(
            title="Figures of the book that do not add up",
            count=sum(check.n_drifts for check in drifted),
            url=reverse("ledger:balance-check-list"),
            permission="ledger.view_period",
            oldest_on=min((check.checked_at.date() for check in drifted), default=None),
        )
    ]


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
