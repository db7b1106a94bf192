"""What the bank still has to credit, and what nobody could place yet, for the book's tie-out."""

from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet, Sum

from cashiering.queries import advice_sums, awaiting_bank, open_card_sums, refund_sums, unplaced_lockbox_sums
from hms_ach.access.models import LegalEntity
from hms_ach.money import Money
from ledger.commands import Figure
from reconciliation.models import ClearingUndo, MatchAdjustment, SuspenseClearing
from reconciliation.queries.give_back import awaited, owed_back
from reconciliation.rules.clearing import SUSPENSE

# What is posted before the bank shows it. Refunds are summed by themselves: those that failed are owed,
# though the bank is not to pay them now; what others announce is posted with the bank's line.
_POSTED = ("deposit", "card_batch", "payment", "cheque_return", "transfer_return", "chargeback", "lockbox")


def sub_ledger_figures(legal_entity: LegalEntity, _on: date) -> list[Figure]:
    """Deposits, cards, transfers and money given back that no bank line confirmed, as they stand now."""
    facility_ids = list(legal_entity.facilities.values_list("id", flat=True))
    items = [item for item in awaiting_bank(facility_ids=facility_ids) if item.kind in _POSTED]
    items += [awaited(clearing) for clearing in owed_back(facility_ids)]
    parts = [(item.clearing_role, item.amount) for item in items]
    parts += [("card.clearing", amount) for amount in open_card_sums(facility_ids=facility_ids)]
    parts += [("refund.clearing", amount) for amount in refund_sums(facility_ids=facility_ids)]
    parts += advice_sums(facility_ids=facility_ids)
    return _figures((role, amount.currency, amount.minor) for role, amount in parts)


def suspense_figures(legal_entity: LegalEntity, _on: date) -> list[Figure]:
    """Money that nobody could place: what matches and lockboxes put there, less what clearings took out.

    A clearing of another legal entity's money whose invoice is not known puts it into the owner's suspense.
    An expected item found again is a match of its own. Four queries, as things stand now.
    """
    matches = MatchAdjustment.objects.filter(
        role=SUSPENSE,
        match__posting__isnull=False,
        match__undo__isnull=True,
        match__account__facility__legal_entity=legal_entity,
    )
    undone = ClearingUndo.objects.filter(clearing=OuterRef("pk"), verdict=ClearingUndo.Verdict.APPROVED)
    purpose = SuspenseClearing.Purpose
    cleared = SuspenseClearing.objects.filter(~Exists(undone), verdict=SuspenseClearing.Verdict.APPROVED)
    here = cleared.filter(facility__legal_entity=legal_entity).exclude(purpose=purpose.EXPECTED)
    theirs = cleared.filter(owner__legal_entity=legal_entity, purpose=purpose.AFFILIATE, document="")
    parts = [*_sums(matches, "match__currency"), *_sums(here, "currency")]
    parts += [(currency, -minor) for currency, minor in _sums(theirs, "currency")]
    facility_ids = list(legal_entity.facilities.values_list("id", flat=True))
    boxed = unplaced_lockbox_sums(facility_ids=facility_ids)
    parts += [(amount.currency, -amount.minor) for amount in boxed]
    return _figures((SUSPENSE, currency, minor) for currency, minor in parts)


def _sums(rows: QuerySet[Any], currency: str) -> list[tuple[str, int]]:
    found = rows.values_list(currency).annotate(sum=Sum("amount_minor")).order_by(currency)
    return [(code, int(minor)) for code, minor in found]


def _figures(parts: Iterable[tuple[str, str, int]]) -> list[Figure]:
    sums: Counter[tuple[str, str]] = Counter()
    for role, currency, minor in parts:
        sums[role, currency] += minor
    return [Figure(role, Money(minor, currency)) for (role, currency), minor in sorted(sums.items())]
