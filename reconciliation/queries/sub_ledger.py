"""What the bank still has to credit, item by item, for the book's tie-out."""

from datetime import date

from cashiering.queries import advice_sums, awaiting_bank, open_card_sums, refund_sums
from hms_ach.access.models import LegalEntity
from hms_ach.money import Money
from ledger.commands import Figure
from reconciliation.queries.give_back import awaited, owed_back

# What is posted before the bank shows it. Refunds are summed by themselves: those that failed are owed,
# though the bank is not to pay them now; what others announce is posted with the bank's line.
_POSTED = ("deposit", "card_batch", "payment", "cheque_return", "transfer_return", "chargeback")


def sub_ledger_figures(legal_entity: LegalEntity, _on: date) -> list[Figure]:
    """Deposits, cards, transfers and money given back that no bank line confirmed, as they stand now."""
    facility_ids = list(legal_entity.facilities.values_list("id", flat=True))
    sums: dict[tuple[str, str], int] = {}
    items = [item for item in awaiting_bank(facility_ids=facility_ids) if item.kind in _POSTED]
    items += [awaited(clearing) for clearing in owed_back(facility_ids)]
    parts = [(item.clearing_role, item.amount) for item in items]
    parts += [("card.clearing", amount) for amount in open_card_sums(facility_ids=facility_ids)]
    parts += [("refund.clearing", amount) for amount in refund_sums(facility_ids=facility_ids)]
    parts += advice_sums(facility_ids=facility_ids)
    for role, amount in parts:
        key = (role, amount.currency)
        sums[key] = sums.get(key, 0) + amount.minor
    return [Figure(role, Money(minor, currency)) for (role, currency), minor in sorted(sums.items())]
