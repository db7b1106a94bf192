"""Which days a statement is compared with."""

from datetime import date
from decimal import Decimal

import pytest

from ledger.rules.comparison import days_before, percent_of, year_before


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        (date(2026, 3, 1), date(2026, 3, 31), (date(2026, 2, 1), date(2026, 2, 28))),
        (date(2026, 1, 1), date(2026, 3, 31), (date(2025, 10, 1), date(2025, 12, 31))),
        (date(2026, 3, 9), date(2026, 3, 15), (date(2026, 3, 2), date(2026, 3, 8))),
        (date(2026, 3, 1), date(2026, 3, 1), (date(2026, 2, 28), date(2026, 2, 28))),
        (None, date(2026, 3, 15), (None, date(2026, 2, 28))),
    ],
)
def test_the_days_before_are_as_many_or_as_many_months(since, until, before):
    assert days_before(since, until) == before


@pytest.mark.parametrize(
    ("since", "until", "before"),
    [
        (date(2028, 2, 1), date(2028, 2, 29), (date(2027, 2, 1), date(2027, 2, 28))),
        (date(2029, 2, 1), date(2029, 2, 28), (date(2028, 2, 1), date(2028, 2, 29))),
        (None, date(2026, 3, 15), (None, date(2025, 3, 15))),
    ],
)
def test_a_month_end_is_compared_with_a_month_end(since, until, before):
    assert year_before(since, until) == before


def test_a_percentage_is_of_the_size_before_and_none_of_nothing():
    assert percent_of(50_00, 100_00) == Decimal("50.0")
    assert percent_of(50_00, -100_00) == Decimal("50.0")
    assert percent_of(1, 3) == Decimal("33.3")
    assert percent_of(5, 0) is None
