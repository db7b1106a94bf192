"""What was counted: quantities by account and facility, never money."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, QuerySet, Sum

from ledger.models import StatisticAccount, StatisticEntry
from ledger.queries.scope import Scope


@dataclass(frozen=True, slots=True)
class StatisticRow:
    """One account at one facility: its quantity in the days asked for, the last of them reported."""

    code: str
    name: str
    unit: str
    facility_code: str
    quantity: Decimal
    n_entries: int
    last_on: date


def statistic_entries(scope: Scope, *, code: str = "") -> "QuerySet[StatisticEntry]":
    """The entries of a scope by day, with account and facility; of one account when asked. One SQL query."""
    rows = StatisticEntry.objects.filter(
        account__legal_entity=scope.legal_entity, facility_id__in=scope.facility_ids, on__lte=scope.until
    )
    if scope.since:
        rows = rows.filter(on__gte=scope.since)
    if scope.known_at:
        rows = rows.filter(recorded_at__lte=scope.known_at)
    if code:
        rows = rows.filter(account__code=code)
    return rows.select_related("account", "facility", "recorded_by").order_by("on", "id")


def statistics(scope: Scope) -> list[StatisticRow]:
    """What was counted by account and facility; nobody reported means no row, never zero. One SQL query."""
    rows = statistic_entries(scope).order_by("account__code", "facility__code")
    grouped = rows.values(
        "account__code", "account__name", "account__unit", "account__decimals", "facility__code"
    )
    return [
        StatisticRow(
            code=row["account__code"],
            name=row["account__name"],
            unit=row["account__unit"],
            facility_code=row["facility__code"],
            quantity=round(row["sum"], row["account__decimals"]),
            n_entries=row["count"],
            last_on=row["last"],
        )
        for row in grouped.annotate(sum=Sum("quantity"), count=Count("id"), last=Max("on"))
    ]


def statistic_accounts(scope: Scope) -> list[StatisticAccount]:
    """What the entity counts, by code. One SQL query."""
    return list(StatisticAccount.objects.filter(legal_entity=scope.legal_entity).order_by("code", "id"))
