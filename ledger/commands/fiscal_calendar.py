"""How a legal entity cuts its years into periods."""

from dataclasses import replace
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Max

from hms_ach import audit
from hms_ach.access.models import LegalEntity, User
from hms_ach.refusal import Refusal
from ledger.models import FiscalCalendar, Period
from ledger.rules.fiscal_calendar import Calendar, Pattern, PeriodDates


class CalendarOverlaps(Refusal):
    code = "calendar_overlaps"
    sentence = (
        "{entity} has periods up to {last}, and a new calendar does not cut them anew. "
        "Let it apply from a later day."
    )


@transaction.atomic
def set_calendar(
    *,
    legal_entity: LegalEntity,
    pattern: Pattern,
    year_starts_month: int = 1,
    week_ends_on: int = 6,
    applies_from: date,
    actor: User,
) -> FiscalCalendar:
    """Cut a legal entity's years into periods in another way from a day on.

    year_starts_month  1 to 12
    week_ends_on       1 (Monday) to 7 (Sunday), for patterns of weeks

    A period that the day falls into is cut short or begins late. Raises CalendarOverlaps when there
    are periods on or after the day.
    """
    LegalEntity.objects.select_for_update(no_key=True).get(pk=legal_entity.pk)
    last = Period.objects.filter(legal_entity=legal_entity).aggregate(last=Max("ends_on"))["last"]
    if last and last >= applies_from:
        raise CalendarOverlaps(entity=legal_entity.name, last=last)
    calendar = FiscalCalendar.objects.create(
        legal_entity=legal_entity,
        pattern=pattern.value,
        year_starts_month=year_starts_month,
        week_ends_on=week_ends_on,
        applies_from=applies_from,
    )
    audit.record(
        "ledger.set_calendar",
        actor=actor,
        subject=legal_entity,
        after={"pattern": pattern.value, "applies_from": applies_from},
    )
    return calendar


def dates_of_period(legal_entity: LegalEntity, day: date) -> PeriodDates:
    """The period that a day would lie in: as its calendar says, cut where another calendar begins."""
    rows = FiscalCalendar.objects.filter(legal_entity=legal_entity)
    current = rows.filter(applies_from__lte=day).order_by("-applies_from").first()
    following = rows.filter(applies_from__gt=day).order_by("applies_from").first()
    dates = _calendar(current).period_of(day)
    if current:
        dates = replace(dates, starts_on=max(dates.starts_on, current.applies_from))
    if following:
        dates = replace(dates, ends_on=min(dates.ends_on, following.applies_from - timedelta(days=1)))
    numbers = Period.objects.filter(legal_entity=legal_entity, fiscal_year=dates.fiscal_year)
    if numbers.filter(number=dates.number).exists():
        dates = replace(dates, number=numbers.aggregate(last=Max("number"))["last"] + 1)
    return dates


def _calendar(row: FiscalCalendar | None) -> Calendar:
    if row is None:
        return Calendar()
    return Calendar(Pattern(row.pattern), row.year_starts_month, row.week_ends_on)
