"""What the bank still has to credit, and what nobody could place yet, for the book's tie-out."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from django.db.models import Exists, OuterRef

from cashiering.queries import (
    advice_documents,
    awaiting_bank,
    open_card_documents,
    refund_documents,
    unplaced_lockbox_documents,
    won_suspense_documents,
)
from hms_ach.access.models import LegalEntity
from hms_ach.money import Money
from ledger.commands import OpenDocument
from reconciliation.models import ClearingUndo, MatchAdjustment, SuspenseClearing
from reconciliation.queries.give_back import awaited, owed_back
from reconciliation.rules.clearing import SUSPENSE

# What is posted before the bank shows it. Refunds are summed by themselves: those that failed are owed,
# though the bank is not to pay them now; what others announce is posted with the bank's line.
_POSTED = (
    *("deposit", "card_batch", "card_payout", "payment", "lockbox"),
    *("cheque_return", "transfer_return", "chargeback", "chargeback_win"),
)


def clearing_documents(legal_entity: LegalEntity, _on: date) -> Iterator[OpenDocument]:
    """Deposits, cards, transfers and money given back that no bank line confirmed, as they stand now."""
    facility_ids = list(legal_entity.facilities.values_list("id", flat=True))
    items = [item for item in awaiting_bank(facility_ids=facility_ids) if item.kind in _POSTED]
    items += [awaited(clearing) for clearing in owed_back(facility_ids)]
    for item in items:
        yield OpenDocument(item.clearing_role, item.public_id, item.facility_id, item.amount)
    yield from open_card_documents(facility_ids=facility_ids)
    yield from refund_documents(facility_ids=facility_ids)
    yield from advice_documents(facility_ids=facility_ids)


def suspense_documents(legal_entity: LegalEntity, _on: date) -> list[OpenDocument]:
    """Money that nobody could place: what matches and the till put there, less what clearings took out.

    Each under the item that its postings name. A clearing of another legal entity's money whose invoice is
    not known puts it into the owner's suspense. An expected item found again is a match of its own. Five
    queries, as things stand now.
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
    facility_ids = list(legal_entity.facilities.values_list("id", flat=True))
    of_match = ("reference", "match__account__facility_id", "match__currency", "amount_minor")
    sums: Counter[tuple[str, int, str]] = Counter()
    for reference, facility_id, currency, minor in [
        *matches.order_by("id").values_list(*of_match),
        *here.order_by("id").values_list("reference", "facility_id", "currency", "amount_minor"),
    ]:
        sums[reference, facility_id, currency] += minor
    for reference, facility_id, currency, minor in theirs.order_by("id").values_list(
        "public_id", "owner_id", "currency", "amount_minor"
    ):
        sums[reference, facility_id, currency] -= minor
    found = [
        OpenDocument(SUSPENSE, reference, facility_id, Money(minor, currency))
        for (reference, facility_id, currency), minor in sorted(sums.items())
    ]
    boxed = unplaced_lockbox_documents(facility_ids=facility_ids)
    return [*found, *boxed, *won_suspense_documents(facility_ids=facility_ids)]
