"""Periods and the reopenings that await a second person."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, F, OuterRef, Prefetch, QuerySet, Subquery
from django.db.models.functions import Coalesce

from hms_ach.access.models import LegalEntity
from ledger.models import Period, PeriodReopening


@dataclass(frozen=True, slots=True)
class PeriodRow:
    """awaiting_id names the reopening that another person still has to approve, None when there is none."""

    id: int
    entity_code: str
    entity_name: str
    code: str
    starts_on: date
    ends_on: date
    label: str
    state: str
    state_label: str
    awaiting_id: int | None
    awaiting_reason: str
    awaiting_by_id: int | None
    awaiting_by: str


def periods(*, legal_entity_ids: Collection[int]) -> list[PeriodRow]:
    """The periods of these legal entities, latest first. Two SQL queries."""
    awaiting = reopenings_awaiting().select_related("requested_by")
    rows = (
        Period.objects.filter(legal_entity_id__in=legal_entity_ids)
        .select_related("legal_entity")
        .prefetch_related(Prefetch("reopenings", queryset=awaiting, to_attr="awaiting"))
        .order_by("-starts_on", "legal_entity__code", "id")
    )
    return [_row(period) for period in rows]


def period_of(period_id: int) -> Period:
    """One period with its legal entity. One SQL query."""
    return Period.objects.select_related("legal_entity").get(pk=period_id)


def is_period_closed(*, legal_entity: LegalEntity, on: date) -> bool:
    """Whether the period of the day takes no entries, or adjustments only. One SQL query."""
    rows = Period.objects.filter(legal_entity=legal_entity, starts_on__lte=on, ends_on__gte=on)
    return rows.exclude(state=Period.State.OPEN).exists()


def is_in_a_period(*, legal_entity: LegalEntity, on: date) -> bool:
    """Whether the book has a period for the day, open or closed. One SQL query."""
    return Period.objects.filter(legal_entity=legal_entity, starts_on__lte=on, ends_on__gte=on).exists()


def days_in_closed_periods(
    *, legal_entity_ids: Collection[int], days: Collection[date]
) -> set[tuple[int, date]]:
    """Which of the days lie in a period that takes no entries, or adjustments only, by entity. One query."""
    if not days:
        return set()
    rows = Period.objects.filter(
        legal_entity_id__in=legal_entity_ids, starts_on__lte=max(days), ends_on__gte=min(days)
    ).exclude(state=Period.State.OPEN)
    spans = list(rows.values_list("legal_entity_id", "starts_on", "ends_on").order_by("id"))
    return {(entity_id, day) for entity_id, first, last in spans for day in days if first <= day <= last}


def closing_round(period: Period) -> int:
    """How often the period was reopened: only steps and tie-outs of this round count. One SQL query."""
    return PeriodReopening.objects.filter(period=period).exclude(approved_by=None).count()


def round_of_period() -> Coalesce:
    """closing_round, for rows that have a period."""
    opened = PeriodReopening.objects.filter(period=OuterRef("period")).exclude(approved_by=None)
    return Coalesce(Subquery(opened.order_by().values("period").annotate(n=Count("id")).values("n")), 0)


def reopenings_awaiting() -> QuerySet[PeriodReopening]:
    """What a second person may approve: asked for of a period that is closed now as it was then."""
    rows = PeriodReopening.objects.filter(approved_by=None, declined_by=None, of_state=F("period__state"))
    return rows.annotate(latest=round_of_period()).filter(round=F("latest"))


def _row(period: Any) -> PeriodRow:
    awaiting = period.awaiting[0] if period.awaiting else None
    return PeriodRow(
        id=period.pk,
        entity_code=period.legal_entity.code,
        entity_name=period.legal_entity.name,
        code=period.code,
        starts_on=period.starts_on,
        ends_on=period.ends_on,
        label=str(period),
        state=period.state,
        state_label=period.get_state_display(),
        awaiting_id=awaiting.pk if awaiting else None,
        awaiting_reason=awaiting.reason if awaiting else "",
        awaiting_by_id=awaiting.requested_by_id if awaiting else None,
        awaiting_by=awaiting.requested_by.get_full_name() if awaiting else "",
    )
