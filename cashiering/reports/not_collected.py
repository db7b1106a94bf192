"""Why money was not collected at the desk, and by whom."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, QuerySet, Sum

from cashiering.models import NotCollected
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class NotCollectedLine:
    """How often, and how much was due, under one heading and in one currency."""

    heading: str
    count: int
    amount: Money


@dataclass(frozen=True, slots=True)
class NotCollectedReport:
    by_reason: list[NotCollectedLine]
    by_clerk: list[NotCollectedLine]
    rows: list[NotCollected]


def not_collected_report(*, facility_ids: Collection[int], since: date, until: date) -> NotCollectedReport:
    """From one business day to another, both included; the newest 200 rows. Three SQL queries."""
    rows = NotCollected.objects.filter(facility_id__in=facility_ids, business_on__range=(since, until))
    reasons = dict(NotCollected.Reason.choices)
    shown = rows.select_related("patient", "invoice", "recorded_by", "facility").order_by("-id")[:200]
    return NotCollectedReport(
        by_reason=[_line(reasons[row["reason"]], row) for row in _sums(rows, "reason")],
        by_clerk=[_line(row["recorded_by__name"], row) for row in _sums(rows, "recorded_by__name")],
        rows=list(shown),
    )


def _sums(rows: QuerySet, by: str) -> QuerySet:
    sums = rows.values(by, "currency").annotate(count=Count("id"), sum=Sum("amount_minor"))
    return sums.order_by("-sum", by, "currency")


def _line(heading: str, row: dict) -> NotCollectedLine:
    return NotCollectedLine(heading, row["count"], Money(int(row["sum"]), row["currency"]))
