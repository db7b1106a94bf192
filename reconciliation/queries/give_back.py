"""Money from suspense that is to be given back, until the bank has paid it out."""

from collections.abc import Collection

from django.db.models import Exists, OuterRef, QuerySet

from cashiering.queries import AwaitingBank
from hms_ach import calendars, clock
from hms_ach.money import Money
from reconciliation.models import ClearingUndo, MatchItem, SuspenseClearing
from reconciliation.rules.clearing import GIVE_BACK, PURPOSES


def owed_back(facility_ids: Collection[int]) -> QuerySet[SuspenseClearing]:
    """Approved clearings that give money back, not undone, that no match has paid out. One SQL query."""
    paid = MatchItem.objects.filter(
        undo=None, expectation__kind=GIVE_BACK, expectation__source_id=OuterRef("public_id")
    )
    undone = ClearingUndo.objects.filter(clearing=OuterRef("pk"), verdict="APPROVED")
    rows = SuspenseClearing.objects.filter(
        facility_id__in=facility_ids, purpose="GIVE_BACK", verdict="APPROVED"
    )
    return rows.filter(~Exists(paid), ~Exists(undone)).select_related("facility").order_by("id")


def awaited(clearing: SuspenseClearing) -> AwaitingBank:
    """The outgoing sum that the bank's statement should show; it quotes the clearing's public id."""
    facility = clearing.facility
    decided_on = clock.business_date(
        timezone=facility.timezone, cutoff=facility.business_day_cutoff, moment=clearing.decided_at
    )
    expected_on = calendars.add_banking_days(decided_on, 2)
    return AwaitingBank(
        kind=GIVE_BACK,
        public_id=clearing.public_id,
        facility_id=clearing.facility_id,
        amount=-Money(clearing.amount_minor, clearing.currency),
        clearing_role=PURPOSES["GIVE_BACK"].role,
        reference=clearing.public_id,
        references=[clearing.public_id],
        expected_on=expected_on,
        earliest_on=decided_on,
        latest_on=calendars.add_banking_days(expected_on, 10),
    )
