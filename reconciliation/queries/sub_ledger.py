"""What the bank still has to credit, item by item, for the book's tie-out."""

from datetime import date

from cashiering.queries import awaiting_bank, open_card_sums
from hms_ach.access.models import LegalEntity
from hms_ach.money import Money
from ledger.commands import Figure


def sub_ledger_figures(legal_entity: LegalEntity, _on: date) -> list[Figure]:
    """Deposits on their way, card batches and transfers that no bank line confirmed, as they stand now."""
    facility_ids = list(legal_entity.facilities.values_list("id", flat=True))
    sums: dict[tuple[str, str], int] = {}
    credits = [item for item in awaiting_bank(facility_ids=facility_ids) if item.kind != "refund"]
    for item in credits:
        key = (item.clearing_role, item.amount.currency)
        sums[key] = sums.get(key, 0) + item.amount.minor
    for amount in open_card_sums(facility_ids=facility_ids):
        key = ("card.clearing", amount.currency)
        sums[key] = sums.get(key, 0) + amount.minor
    return [Figure(role, Money(minor, currency)) for (role, currency), minor in sorted(sums.items())]
