"""What the statements of the book have to show: money between entities, and items that grew old."""

from datetime import date, timedelta
from decimal import Decimal

from hms_ach.access.models import Facility, LegalEntity
from hms_ach.demo.network import Network
from ledger.commands import (
    Counted,
    define_statistic,
    explain_item,
    record_statistics,
    watch_clearing,
)
from ledger.queries import clearing_items
from reconciliation.commands import SuspenseKey, approve_clearing, propose_clearing
from reconciliation.queries import suspense_items


def owe_each_other(network: Network, today: date) -> None:
    """The newest money that nobody could place at the north turns out to be the harbor's."""
    places = {code: place.facility for code, place in network.places.items()}
    north, harbor = places["NORTH"], places["HARB"]
    items = suspense_items([north], today=today)
    found = [row for row in items if row.held.minor > 0 and row.waiting is None]
    if not found:
        return
    row = found[-1]
    clearing = propose_clearing(
        item=SuspenseKey(north, row.item.reference, row.held.currency),
        purpose="AFFILIATE",
        owner=harbor,
        amount=row.held,
        reason="The sender meant Harbor Children's; to be passed on",
        actor=network.who("reviewer.eve"),
    )
    approve_clearing(clearing_id=clearing.pk, actor=network.who("controller.gil"))


def watch(network: Network, entity: LegalEntity, today: date) -> None:
    """Last night's watch, and what a reviewer found out about the oldest item."""
    watch_clearing(legal_entity=entity, today=today)
    items = clearing_items(legal_entity=entity, as_of=today)
    if not items:
        return
    oldest = items[0]
    explain_item(
        facility=Facility.objects.get(pk=oldest.facility_id),
        role=oldest.role,
        reference=oldest.reference,
        currency=oldest.balance.currency,
        text="The sender was asked for the invoice it pays; answer promised by telephone",
        expected_on=today + timedelta(days=3),
        actor=network.who("reviewer.eve"),
    )


def count_work(network: Network, entity: LegalEntity, days: list[date]) -> None:
    """Patient days and visits, as the admission system would report them; the last day is not in yet."""
    gil = network.who("controller.gil")
    for code, name, unit in (("PD", "Patient days", "days"), ("VISIT", "Visits", "visits")):
        define_statistic(legal_entity=entity, code=code, name=name, unit=unit, decimals=0, actor=gil)
    counted = [
        Counted(
            account=code,
            facility=facility,
            on=day,
            quantity=Decimal(base + (day.toordinal() * step) % 17),
            key=f"demo:{facility.code}:{code}:{day}",
        )
        for facility in entity.facilities.order_by("code")
        for day in days[:-1]
        for code, base, step in (("PD", 40, 5), ("VISIT", 90, 7))
    ]
    record_statistics(counted=counted, source="admission system (demo)", actor=gil)
