"""What has not returned to zero on an account role, item by item."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Max, Min, Sum

from hms_ach.access.models import LegalEntity
from hms_ach.money import Money
from ledger.models import Posting
from ledger.rules.roles import CLEARING_ROLES, role_name


@dataclass(frozen=True, slots=True)
class OpenItem:
    """age_days counts calendar days since the first posting of the item."""

    role: str
    reference: str
    facility_id: int
    facility_code: str
    balance: Money
    since: date
    last_moved_on: date
    age_days: int


def open_items(
    role: str,
    *,
    legal_entity: LegalEntity,
    today: date,
    facility_ids: Collection[int] | None = None,
) -> list[OpenItem]:
    """Each reference of the role whose postings do not sum to zero, oldest first. One SQL query.

    Items are told apart by facility and currency too: equal amounts of two items never cancel out.
    """
    rows = Posting.objects.filter(role=role, legal_entity=legal_entity, effective_on__lte=today)
    if facility_ids is not None:
        rows = rows.filter(facility_id__in=facility_ids)
    groups = (
        rows.values("reference", "facility_id", "facility__code", "currency")
        .annotate(sum=Sum("amount_minor"), since=Min("effective_on"), last=Max("effective_on"))
        .exclude(sum=0)
        .order_by("since", "reference", "facility_id", "currency")
    )
    return [
        OpenItem(
            role=role,
            reference=row["reference"],
            facility_id=row["facility_id"],
            facility_code=row["facility__code"],
            balance=Money(int(row["sum"]), row["currency"]),
            since=row["since"],
            last_moved_on=row["last"],
            age_days=(today - row["since"]).days,
        )
        for row in groups
    ]


@dataclass(frozen=True, slots=True)
class ClearingRow:
    role: str
    n_items: int

    @property
    def name(self) -> str:
        """The role in words."""
        return role_name(self.role)


def clearing_watch(
    *, legal_entity: LegalEntity, today: date, facility_ids: Collection[int] | None = None
) -> list[ClearingRow]:
    """How many items are open on each clearing role, in the order of CLEARING_ROLES. One SQL query."""
    rows = Posting.objects.filter(role__in=CLEARING_ROLES, legal_entity=legal_entity, effective_on__lte=today)
    if facility_ids is not None:
        rows = rows.filter(facility_id__in=facility_ids)
    open_ones = rows.values("role", "reference", "facility_id", "currency")
    open_ones = open_ones.annotate(sum=Sum("amount_minor")).exclude(sum=0).order_by()
    counted = Counter(row["role"] for row in open_ones)
    return [ClearingRow(role=role, n_items=counted[role]) for role in CLEARING_ROLES]
