"""A calendar cuts every year into twelve periods, one after the other."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.fiscal_calendar import Calendar, Pattern, label_of

CALENDARS = st.builds(
    Calendar,
    pattern=st.sampled_from(Pattern),
    year_starts_month=st.integers(1, 12),
    week_ends_on=st.integers(1, 7),
)
DAYS = st.dates(date(2000, 1, 1), date(2060, 12, 31))


@given(CALENDARS, DAYS)
def test_every_day_lies_in_one_period_and_the_next_begins_the_day_after(calendar, day):
    period = calendar.period_of(day)

    following = calendar.period_of(period.ends_on + timedelta(days=1))

    assert period.starts_on <= day <= period.ends_on
    assert following.starts_on == period.ends_on + timedelta(days=1)
    assert following.number == period.number % 12 + 1


@given(CALENDARS, st.integers(2001, 2060))
def test_a_year_of_weeks_has_52_or_53_of_them(calendar, year):
    periods = calendar.periods_of(year)

    days = sum((each.ends_on - each.starts_on).days + 1 for each in periods)
    expected = {365, 366} if calendar.pattern is Pattern.MONTH else {364, 371}
    assert (len(periods), days in expected) == (12, True)


@pytest.mark.parametrize(
    "pattern, month, day, expected",
    [
        ("MONTH", 1, date(2026, 3, 12), (2026, 3, date(2026, 3, 1), date(2026, 3, 31))),
        ("MONTH", 7, date(2026, 7, 1), (2027, 1, date(2026, 7, 1), date(2026, 7, 31))),
        ("MONTH", 10, date(2027, 2, 28), (2027, 5, date(2027, 2, 1), date(2027, 2, 28))),
        ("4-4-5", 1, date(2026, 1, 1), (2026, 1, date(2025, 12, 28), date(2026, 1, 24))),
        ("4-4-5", 1, date(2026, 3, 28), (2026, 3, date(2026, 2, 22), date(2026, 3, 28))),
        ("4-4-5", 1, date(2026, 12, 27), (2027, 1, date(2026, 12, 27), date(2027, 1, 23))),
        ("5-4-4", 7, date(2026, 6, 28), (2027, 1, date(2026, 6, 28), date(2026, 8, 1))),
    ],
)
def test_known_periods(pattern, month, day, expected):
    period = Calendar(Pattern(pattern), month, 6).period_of(day)

    assert (period.fiscal_year, period.number, period.starts_on, period.ends_on) == expected


def test_a_period_is_named_by_its_month_or_by_its_days():
    assert label_of(2026, 3, date(2026, 3, 1), date(2026, 3, 31)) == "March 2026"
    assert label_of(2026, 3, date(2026, 2, 22), date(2026, 3, 28)) == "P03 of 2026, 22 Feb to 28 Mar"
