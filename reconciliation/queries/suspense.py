"""What lies in suspense, since when, and what is proposed for it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Prefetch

from hms_ach.access.models import Facility
from hms_ach.money import Money
from ledger.queries import OpenItem, balance_of, open_items
from reconciliation.models import ClearingUndo, SuspenseClearing, SuspenseTry
from reconciliation.rules.clearing import SUSPENSE


@dataclass(frozen=True, slots=True)
class SuspenseItem:
    """An item not back at zero. held is above zero for money that came in, below for what is missing."""

    item: OpenItem
    waiting: SuspenseClearing | None

    @property
    def held(self) -> Money:
        return -self.item.balance


def suspense_items(facilities: Sequence[Facility], *, today: date) -> list[SuspenseItem]:
    """The facilities' items, oldest first. One SQL query for each legal entity, and one more."""
    ids = {facility.pk for facility in facilities}
    entities = {facility.legal_entity_id: facility.legal_entity for facility in facilities}
    found = [
        item
        for entity in entities.values()
        for item in open_items(SUSPENSE, legal_entity=entity, today=today, facility_ids=ids)
    ]
    undecided = SuspenseClearing.objects.filter(facility_id__in=ids, verdict=None)
    waiting = {
        (row.facility_id, row.reference, row.currency): row for row in undecided.select_related("proposed_by")
    }
    rows = [
        SuspenseItem(item, waiting.get((item.facility_id, item.reference, item.balance.currency)))
        for item in found
    ]
    return sorted(rows, key=lambda row: (row.item.since, row.item.facility_code, row.item.reference))


def tries_of(facility_ids: Collection[int]) -> dict[tuple[int, str, str], SuspenseTry]:
    """How often each item was tried again, by facility, reference and currency. One query."""
    rows = SuspenseTry.objects.filter(facility_id__in=facility_ids).order_by("id")
    return {(row.facility_id, row.reference, row.currency): row for row in rows}


def suspense_balance(facility: Facility, *, reference: str, currency: str) -> Money:
    """What stands on suspense for the item; a credit, which is negative, is money that came in. One query."""
    return balance_of(
        SUSPENSE,
        legal_entity=facility.legal_entity,
        facility=facility,
        reference=reference,
        currency=currency,
    )


def clearings_of(facility: Facility, *, reference: str, currency: str) -> list[SuspenseClearing]:
    """All that was ever proposed for the item, the newest first, with its undoings. Two queries."""
    rows = SuspenseClearing.objects.filter(facility=facility, reference=reference, currency=currency)
    rows = rows.select_related("proposed_by", "decided_by", "owner", "match").order_by("-id")
    undoings = ClearingUndo.objects.select_related("proposed_by", "decided_by").order_by("id")
    return list(rows.prefetch_related(Prefetch("undoings", queryset=undoings)))
