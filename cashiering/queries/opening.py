"""What drawers were opened with, and whether another person confirms it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from cashiering.models import Count, OpeningRule, OverShort, Session
from hms_ach.access.models import User
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class OpeningRuleLine:
    """A facility's rule that counts now, and the one that awaits approval."""

    in_force: OpeningRule | None
    awaiting: OpeningRule | None


@dataclass(frozen=True, slots=True)
class OpeningShown:
    """The opening count of one currency; confirmed_by is None where nobody else was asked."""

    counted: Money
    difference: Money
    pieces: list[tuple[Money, int]]
    counted_by: User
    counted_at: datetime
    confirmed_by: User | None
    confirmed_way: str
    confirmed_at: datetime | None

    def as_json(self, *, is_final: bool) -> dict[str, Any]:
        """As the API shows it and a Z read keeps it; people by their user names.

        is_final  before the closing count is committed no figure of the drawer's cash is told
        """
        other = self.confirmed_by
        return {
            "counted": self.counted.as_json() if is_final else None,
            "difference": self.difference.as_json() if is_final else None,
            "counted_by": self.counted_by.username,
            "counted_at": self.counted_at.isoformat(),
            "confirmed_by": other.username if other else None,
            "confirmed_at": self.confirmed_at.isoformat() if self.confirmed_at else None,
        }


def is_opening_confirmed(facility_id: int) -> bool:
    """Whether another person confirms opening counts at the facility. One SQL query."""
    rows = OpeningRule.objects.filter(facility_id=facility_id, approved_by__isnull=False)
    return bool(rows.order_by("-id").values_list("is_confirmed", flat=True).first())


def opening_rule_line(facility_id: int) -> OpeningRuleLine:
    """What counts at a facility and what awaits. Two SQL queries."""
    rows = OpeningRule.objects.filter(facility_id=facility_id).select_related("asked_by", "approved_by")
    in_force = rows.filter(approved_by__isnull=False).order_by("-id").first()
    newest = rows.order_by("-id").first()
    return OpeningRuleLine(in_force, newest if newest and newest.approved_by_id is None else None)


def opening_rules_awaiting(facility_ids: Collection[int]) -> QuerySet[OpeningRule]:
    """Rules of the facilities that nobody let count. One SQL query."""
    rows = OpeningRule.objects.filter(facility_id__in=facility_ids, approved_by__isnull=True)
    return rows.select_related("facility").order_by("id")


def openings_of(session: Session) -> list[OpeningShown]:
    """What the drawer was opened with, the session's own currency first. Two SQL queries."""
    found = OverShort.objects.filter(session=session, kind="OPENING")
    differences = dict(found.values_list("currency", "difference_minor"))
    counts = session.counts.filter(kind=Count.Kind.OPENING).select_related("counted_by", "confirmed_by")
    return [
        _shown(count, count.currency or session.currency, differences)
        for count in counts.order_by("currency")
    ]


def _shown(count: Count, currency: str, differences: dict[str, int]) -> OpeningShown:
    pieces = sorted(((int(face), number) for face, number in count.denominations.items()), reverse=True)
    return OpeningShown(
        counted=Money(count.total_minor, currency),
        difference=Money(differences.get(currency, 0), currency),
        pieces=[(Money(face, currency), number) for face, number in pieces],
        counted_by=count.counted_by,
        counted_at=count.counted_at,
        confirmed_by=count.confirmed_by,
        confirmed_way=count.get_confirmed_way_display(),
        confirmed_at=count.confirmed_at,
    )
