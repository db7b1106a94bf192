"""Banking days of the Federal Reserve."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hms_ach.calendars import add_banking_days, banking_days_between, is_banking_day

DAYS = st.dates(date(2015, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    "day, is_open",
    [
        (date(2026, 7, 3), True),  # the 4th is a Saturday: the Fed is open on the Friday before
        (date(2027, 7, 5), False),  # the 4th is a Sunday: closed on Monday
        (date(2026, 1, 19), False),
        (date(2026, 6, 19), False),
        (date(2026, 10, 12), False),
        (date(2026, 11, 11), False),
        (date(2026, 11, 26), False),
        (date(2026, 11, 27), True),
        (date(2026, 12, 25), False),
        (date(2026, 11, 28), False),
        (date(2026, 4, 3), True),  # Good Friday is no holiday of the Fed
    ],
)
def test_the_federal_reserve_calendar(day, is_open):
    assert is_banking_day(day) is is_open


@given(DAYS, st.integers(-40, 40))
@settings(deadline=None, max_examples=150)
def test_adding_lands_on_a_banking_day_that_many_away(day, count):
    landed = add_banking_days(day, count)

    assert is_banking_day(landed)
    if count > 0:
        assert banking_days_between(day, landed) == count
    if count < 0:
        banking = sum(is_banking_day(landed + timedelta(days=n)) for n in range((day - landed).days))
        assert banking == -count


@given(DAYS, DAYS, DAYS)
@settings(deadline=None, max_examples=25)
def test_counting_adds_up_over_any_day_between(one, two, three):
    first, middle, last = sorted([one, two, three])
    whole = banking_days_between(first, last)

    assert banking_days_between(first, middle) + banking_days_between(middle, last) == whole
    assert banking_days_between(last, first) == -whole
