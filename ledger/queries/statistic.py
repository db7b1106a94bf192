"""What was counted: quantities by account and facility, never money."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import Count, Max, QuerySet, Sum

from hms_ach.access.models import LegalEntity
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


def quantities_of(
    legal_entity: LegalEntity,
    *,
    facility_ids: Collection[int],
    account: str = "",
    since: date | None = None,
    until: date | None = None,
) -> "QuerySet[StatisticEntry]":
    """The entity's entries at these facilities and what takes each back, latest first. One SQL query."""
    rows = StatisticEntry.objects.filter(account__legal_entity=legal_entity, facility_id__in=facility_ids)
    if account:
        rows = rows.filter(account__code=account)
    if since:
        rows = rows.filter(on__gte=since)
    if until:
        rows = rows.filter(on__lte=until)
    return rows.select_related("account", "facility", "reverses", "reversed_by").order_by("-id")


def statistics_of(legal_entity: LegalEntity) -> "QuerySet[StatisticAccount]":
    """What the entity counts, by code. One SQL query."""
    rows = StatisticAccount.objects.filter(legal_entity=legal_entity)
    return rows.select_related("legal_entity").order_by("code", "id")


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
    """What the scope's entity counts, by code. One SQL query."""
    return list(statistics_of(scope.legal_entity))
