"""Watching the clearing accounts: who looks at what grows old, and what they found out."""

from collections.abc import Sequence
from datetime import date

from django.db import transaction

from hms_ach import audit, clock, outbox
from hms_ach.access.models import Facility, LegalEntity, User
from hms_ach.access.roles import Role
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from ledger.models import ClearingAlarm, ClearingLimit, ClearingNote
from ledger.queries.clearing import clearing_limits
from ledger.queries.open_items import OpenItem, clearing_items
from ledger.rules.clearing import Limit, passed
from ledger.rules.roles import CLEARING_ROLES, role_name

# Those who see the book; anybody else could not open the item.
OWNER_ROLES = (Role.FINANCE_REVIEWER, Role.FINANCE_APPROVER, Role.CONTROLLER)
MOST_DAYS = 365


class ClearingLimitUnfit(Refusal):
    code = "clearing_limit_unfit"
    status = 422
    sentence = "This limit was not set: {problem}"


class NoteEmpty(Refusal):
    code = "note_empty"
    status = 422
    sentence = "A note says something. Write what was found out, then keep it."


@transaction.atomic
def set_clearing_limit(
    *, legal_entity: LegalEntity, role: str, age_days: int, owner_role: str, actor: User
) -> ClearingLimit:
    """From now on items of the account that are older than age_days are looked at by owner_role.

    An empty owner_role takes the limit of that age away. Alarms that were raised stay.
    Raises ClearingLimitUnfit.
    """
    if role not in CLEARING_ROLES:
        raise ClearingLimitUnfit(problem=f"{role} is no clearing account. Choose one of those listed.")
    if not 0 <= age_days <= MOST_DAYS:
        raise ClearingLimitUnfit(problem=f"an age is 0 to {MOST_DAYS} days.")
    if owner_role and owner_role not in OWNER_ROLES:
        raise ClearingLimitUnfit(problem=f"{owner_role} does not see the book. Choose a role of finance.")
    limit = ClearingLimit.objects.create(
        legal_entity=legal_entity,
        role=role,
        age_days=age_days,
        owner_role=owner_role,
        set_by=actor,
        set_at=clock.now(),
    )
    audit.record(
        "ledger.set_clearing_limit",
        actor=actor,
        subject=legal_entity,
        after={"role": role, "age_days": age_days, "owner_role": owner_role},
    )
    return limit


@transaction.atomic
def watch_clearing(*, legal_entity: LegalEntity, today: date) -> list[ClearingAlarm]:
    """Raise an alarm for each item that grew past a limit, once for each limit; those raised now.

    today  in the zone of the entity's facilities

    Safe to repeat. An item that returned to zero and opened again starts anew.
    Emits `clearing_item.aged` for each alarm.
    """
    LegalEntity.objects.select_for_update(no_key=True).get(pk=legal_entity.pk)
    limits = clearing_limits(legal_entity)
    items = clearing_items(legal_entity=legal_entity, as_of=today)
    due = [
        (item, limit) for item in items for limit in passed(limits, role=item.role, age_days=item.age_days)
    ]
    known = set(
        ClearingAlarm.objects.filter(facility__legal_entity=legal_entity).values_list(
            "facility_id", "role", "reference", "currency", "since", "limit_days"
        )
    )
    raised = [_alarm(item, limit) for item, limit in due if _key(item, limit) not in known]
    alarms = ClearingAlarm.objects.bulk_create(raised)
    _tell(legal_entity, alarms)
    return alarms


def _key(item: OpenItem, limit: Limit) -> tuple:
    return (
        item.facility_id,
        item.role,
        item.reference,
        item.balance.currency,
        item.since,
        limit.age_days,
    )


def _alarm(item: OpenItem, limit: Limit) -> ClearingAlarm:
    return ClearingAlarm(
        facility_id=item.facility_id,
        role=item.role,
        reference=item.reference,
        currency=item.balance.currency,
        since=item.since,
        limit_days=limit.age_days,
        owner_role=limit.owner_role,
        balance_minor=item.balance.minor,
        raised_at=clock.now(),
    )


def _tell(legal_entity: LegalEntity, alarms: Sequence[ClearingAlarm]) -> None:
    facilities = {facility.pk: facility for facility in legal_entity.facilities.order_by("pk")}
    for alarm in alarms:
        facility: Facility = facilities[alarm.facility_id]
        outbox.record(
            "clearing_item.aged",
            subject=alarm.reference or f"{facility.code}:{alarm.role}",
            facility=facility,
            data={
                "legal_entity": legal_entity.code,
                "facility": facility.code,
                "role": alarm.role,
                "account": role_name(alarm.role),
                "reference": alarm.reference,
                "since": alarm.since.isoformat(),
                "limit_days": alarm.limit_days,
                "owner_role": alarm.owner_role,
                "balance": Money(alarm.balance_minor, alarm.currency).as_json(),
            },
        )


@transaction.atomic
def explain_item(
    *,
    facility: Facility,
    role: str,
    reference: str,
    currency: str,
    text: str,
    expected_on: date | None,
    actor: User,
) -> ClearingNote:
    """Keep what was found out about an item, and by when it should be gone. Raises NoteEmpty."""
    if not text.strip():
        raise NoteEmpty()
    note = ClearingNote.objects.create(
        facility=facility,
        role=role,
        reference=reference,
        currency=currency,
        text=text.strip(),
        expected_on=expected_on,
        written_by=actor,
        written_at=clock.now(),
    )
    audit.record(
        "ledger.explain_item",
        actor=actor,
        subject=reference or facility,
        facility=facility,
        after={"role": role, "expected_on": expected_on.isoformat() if expected_on else None},
    )
    return note
