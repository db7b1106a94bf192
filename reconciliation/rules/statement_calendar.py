"""On which days a statement is due."""

from collections.abc import Iterator
from datetime import date, timedelta

from hms_ach import calendars


def due_days(calendar: str, *, first: date, before: date, country: str) -> list[date]:
    """The days from `first` until the day before `before` that a statement must cover.

    A week's statement must cover its Friday, a month's its last day.
    """
    return [day for day in _days(first, before) if _is_due(calendar, day, country)]


def _days(first: date, before: date) -> Iterator[date]:
    return (first + timedelta(days=n) for n in range((before - first).days))


def _is_due(calendar: str, day: date, country: str) -> bool:
    match calendar:
        case "EVERY_DAY":
            return True
        case "WEEKLY":
            return day.weekday() == 4
        case "MONTHLY":
            return (day + timedelta(days=1)).month != day.month
        case "NEVER":
            return False
    return calendars.is_banking_day(day, country=country)
