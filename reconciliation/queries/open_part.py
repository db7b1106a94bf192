"""What is open on an account and could belong to a discrepancy: lines to merge, items to split over."""

from datetime import date
from operator import attrgetter
from typing import Any

from django.db.models import QuerySet

from reconciliation.models import Discrepancy, Expectation, OpenItem, OpenLine, StatementLine

MAX_OTHERS = 40


def lines_near(row: Discrepancy) -> list[StatementLine]:
    """Unmatched lines of the account besides its own, the forty nearest by day, by day. Two queries."""
    if row.account_id is None or row.statement_id is not None:
        return []
    open_lines = OpenLine.objects.filter(account_id=row.account_id).exclude(pk=row.line_id)
    rows = StatementLine.objects.filter(pk__in=open_lines.values("pk"))
    return _nearest(rows, "booked_on", row.due_on)


def items_near(row: Discrepancy) -> list[Expectation]:
    """Expected items of the account that are free, the forty nearest by day, by day. Two queries."""
    if row.statement_id is not None:
        return []
    rows = Expectation.objects.filter(account_id=row.account_id, withdrawn_at=None)
    return _nearest(rows.filter(pk__in=OpenItem.objects.values("pk")), "expected_on", row.due_on)


def _nearest(rows: QuerySet[Any], name: str, day: date) -> list[Any]:
    """At most forty, from both sides of a day, with whatever lies on it."""
    on = attrgetter(name)
    before = rows.filter(**{f"{name}__lte": day}).order_by(f"-{name}", "-id")[:MAX_OTHERS]
    after = rows.filter(**{f"{name}__gt": day}).order_by(name, "id")[:MAX_OTHERS]
    nearest = sorted([*before, *after], key=lambda each: (abs((on(each) - day).days), each.pk))
    return sorted(nearest[:MAX_OTHERS], key=lambda each: (on(each), each.pk))
