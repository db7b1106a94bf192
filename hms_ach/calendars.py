"""Banking days: the only arithmetic on them."""

from datetime import date, timedelta
from functools import cache

import holidays

_MARKETS = {"US": "XFED"}


@cache
def _holidays(country: str):
    """The days on which a country's interbank settlement rests (Federal Reserve for the US)."""
    if country in _MARKETS:
        return holidays.financial_holidays(_MARKETS[country])
    return holidays.country_holidays(country)


def is_banking_day(day: date, *, country: str = "US") -> bool:
    """Whether banks of the country (ISO 3166) settle on that day."""
    return day.weekday() < 5 and day not in _holidays(country)


def add_banking_days(day: date, count: int, *, country: str = "US") -> date:
    """The banking day `count` banking days after (before, when negative) a day.

    A count of zero gives the day itself, or the next banking day when banks rest on it.
    """
    step = timedelta(days=-1 if count < 0 else 1)
    while count == 0 and not is_banking_day(day, country=country):
        day += step
    for _ in range(abs(count)):
        day += step
        while not is_banking_day(day, country=country):
            day += step
    return day


def banking_days_between(first: date, last: date, *, country: str = "US") -> int:
    """How many banking days lie after `first` up to and including `last`; negative when reversed."""
    if last < first:
        return -banking_days_between(last, first, country=country)
    days = (first + timedelta(days=n) for n in range(1, (last - first).days + 1))
    return sum(is_banking_day(day, country=country) for day in days)
