"""What legal entities owe each other: each pair must mirror."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import F, QuerySet, Sum

from hms_ach.access.models import Facility, LegalEntity
from hms_ach.money import Money
from ledger.models import AffiliateSettlement, Posting

DUE_FROM, DUE_TO = "affiliate.due_from", "affiliate.due_to"


@dataclass(frozen=True, slots=True)
class AffiliatePair:
    """One entity's claim on another, in one currency and, where asked, for one item.

    claimed  in the creditor's book (due from), owed in the debtor's (due to), both above zero for a debt;
             None where that book is not open to the person, or the other entity is not known
    """

    creditor: str
    debtor: str
    currency: str
    reference: str
    claimed: Money | None
    owed: Money | None

    @property
    def difference(self) -> Money | None:
        """Claimed less owed; None where one side is not known."""
        if self.claimed is None or self.owed is None:
            return None
        return self.claimed - self.owed

    @property
    def mirrors(self) -> bool | None:
        """Whether both books say the same; None where one of them cannot be seen."""
        return None if self.difference is None else not self.difference


def affiliate_pairs(
    *,
    facility_ids: Collection[int],
    as_of: date,
    known_at: datetime | None = None,
    by_item: bool = False,
) -> list[AffiliatePair]:
    """Every pair of creditor and debtor with something between them; by item when asked. Three SQL queries.

    Postings name the other entity as payer. An entity's side is known when all its facilities are given.
    """
    whole = _whole_entities(facility_ids)
    rows = Posting.objects.filter(
        role__in=(DUE_FROM, DUE_TO), legal_entity__code__in=whole, effective_on__lte=as_of
    )
    if known_at:
        rows = rows.filter(entry__posted_at__lte=known_at)
    columns = ["legal_entity__code", "role", "payer", "currency", *(["reference"] if by_item else [])]
    sides: dict[tuple[str, str, str, str], dict[str, int]] = defaultdict(dict)
    for row in rows.values(*columns).annotate(sum=Sum("amount_minor")).order_by():
        own, other = row["legal_entity__code"], row["payer"]
        pair = (own, other) if row["role"] == DUE_FROM else (other, own)
        sides[(*pair, row["currency"], row.get("reference", ""))][row["role"]] = int(row["sum"])
    found = [_pair(key, sums, whole) for key, sums in sorted(sides.items())]
    return [pair for pair in found if not pair.mirrors or pair.claimed]


def settlements(facility_ids: Collection[int]) -> "QuerySet[AffiliateSettlement]":
    """What was asked to be set off between these facilities, undecided first, then the latest. One query.

    Both sides must be among them: it is posted in both books.
    """
    rows = AffiliateSettlement.objects.filter(debtor_id__in=facility_ids, creditor_id__in=facility_ids)
    rows = rows.select_related("debtor__legal_entity", "creditor__legal_entity", "proposed_by", "decided_by")
    return rows.order_by(F("decided_at").desc(nulls_first=True), "-id")


def place_of_item(role: str, pair: AffiliatePair) -> Facility | None:
    """The facility at which the item stands first in its own book. One SQL query."""
    own, other = (pair.creditor, pair.debtor) if role == DUE_FROM else (pair.debtor, pair.creditor)
    rows = Posting.objects.filter(
        role=role, legal_entity__code=own, payer=other, reference=pair.reference, currency=pair.currency
    )
    first = rows.select_related("facility__legal_entity").order_by("id").first()
    return first.facility if first else None


def due_of(role: str, reference: str, *, book: Facility, other: Facility, currency: str) -> Money:
    """Debits less credits of one item between two entities in the first one's book. One SQL query."""
    rows = Posting.objects.filter(
        role=role,
        reference=reference,
        legal_entity=book.legal_entity_id,
        payer=other.legal_entity.code,
        currency=currency,
    )
    return Money(int(rows.aggregate(sum=Sum("amount_minor"))["sum"] or 0), currency)


def _whole_entities(facility_ids: Collection[int]) -> set[str]:
    """Codes of the entities all of whose facilities are among these."""
    missing = set(Facility.objects.exclude(pk__in=facility_ids).values_list("legal_entity__code", flat=True))
    seen = LegalEntity.objects.filter(facilities__in=facility_ids).values_list("code", flat=True)
    return set(seen) - missing


def _pair(key: tuple[str, str, str, str], sums: dict[str, int], whole: set[str]) -> AffiliatePair:
    creditor, debtor, currency, reference = key
    claimed = Money(sums.get(DUE_FROM, 0), currency) if creditor in whole else None
    owed = Money(-sums.get(DUE_TO, 0), currency) if debtor in whole else None
    return AffiliatePair(creditor, debtor, currency, reference, claimed, owed)
