"""The clearing accounts watched: limits of age, alarms, and what people found out about items."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from hms_ach.access.models import Facility, LegalEntity
from hms_ach.money import Money
from ledger.models import ClearingAlarm, ClearingLimit, ClearingNote, Posting
from ledger.queries.open_items import OpenItem
from ledger.rules.clearing import Limit, limits_in_force

ItemKey = tuple[int, str, str, str]


@dataclass(frozen=True, slots=True)
class ItemPosting:
    """One posting of an item with what was left after it, debit positive."""

    posting: Posting
    balance: Money


@dataclass(frozen=True, slots=True)
class Overdue:
    """How many items of a legal entity are past a limit; since when the oldest is open."""

    count: int
    oldest_on: date | None


def key_of(item: OpenItem) -> ItemKey:
    """What an item is told apart by: facility, role, reference and currency."""
    return item.facility_id, item.role, item.reference, item.balance.currency


def clearing_limits(legal_entity: LegalEntity) -> tuple[Limit, ...]:
    """The limits in force, by account and age. One SQL query."""
    own = ClearingLimit.objects.filter(legal_entity=legal_entity).order_by("id")
    return limits_in_force(Limit(row.role, row.age_days, row.owner_role) for row in own)


def item_postings(*, facility: Facility, role: str, reference: str, currency: str) -> list[ItemPosting]:
    """Every posting of an item, in their order, with the balance after each. One SQL query."""
    rows = Posting.objects.filter(facility=facility, role=role, reference=reference, currency=currency)
    found, left = [], Money.zero(currency)
    for row in rows.select_related("entry", "account", "facility").order_by("effective_on", "id"):
        left += Money(row.amount_minor, currency)
        found.append(ItemPosting(row, left))
    return found


def alarms_of(*, facility: Facility, role: str, reference: str, currency: str) -> list[ClearingAlarm]:
    """The alarms of an item, the latest first. One SQL query."""
    rows = ClearingAlarm.objects.filter(facility=facility, role=role, reference=reference, currency=currency)
    return list(rows.order_by("-raised_at", "-id"))


def item_notes(*, facility: Facility, role: str, reference: str, currency: str) -> list[ClearingNote]:
    """What people wrote about an item, the latest first. One SQL query."""
    rows = ClearingNote.objects.filter(facility=facility, role=role, reference=reference, currency=currency)
    return list(rows.select_related("written_by").order_by("-id"))


def latest_notes(items: Collection[OpenItem]) -> dict[ItemKey, ClearingNote]:
    """The latest word on each of these items. One SQL query."""
    rows = ClearingNote.objects.filter(reference__in={item.reference for item in items})
    found = {(row.facility_id, row.role, row.reference, row.currency): row for row in rows.order_by("id")}
    return {key: found[key] for key in map(key_of, items) if key in found}


def alarmed_items(*, owners: Collection[str], facility_ids: Collection[int]) -> set[ItemKey]:
    """Items that ever had an alarm of these owners' roles. One SQL query."""
    rows = ClearingAlarm.objects.filter(facility_id__in=facility_ids, owner_role__in=owners)
    return set(rows.values_list("facility_id", "role", "reference", "currency").distinct())


_OVERDUE = """
    SELECT facility.legal_entity_id, count(*), min(since) FROM (
        SELECT facility_id, role, reference, currency, max(since) AS since FROM ledger_clearingalarm
        WHERE facility_id = ANY(%(facilities)s) AND owner_role = ANY(%(owners)s)
        GROUP BY facility_id, role, reference, currency
    ) alarm JOIN access_facility facility ON facility.id = alarm.facility_id
    WHERE (SELECT sum(amount_minor) FROM ledger_posting posting
           WHERE posting.role = alarm.role AND posting.reference = alarm.reference
               AND posting.facility_id = alarm.facility_id AND posting.currency = alarm.currency) <> 0
    GROUP BY facility.legal_entity_id
"""


def overdue_items(*, owners: Collection[str], facility_ids: Collection[int]) -> dict[int, Overdue]:
    """Items with an alarm of these owners' roles that are still open, by legal entity. One SQL query."""
    params: dict[str, Any] = {"facilities": list(facility_ids), "owners": list(owners)}
    with connection.cursor() as cursor:
        cursor.execute(_OVERDUE, params)
        return {entity: Overdue(count, oldest) for entity, count, oldest in cursor.fetchall()}
