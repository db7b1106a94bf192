"""On which days a statement is due."""

from datetime import date

import pytest

from reconciliation.rules.statement_calendar import due_days


@pytest.mark.parametrize(
    "calendar, days",
    [
        ("BANKING_DAYS", [22, 23, 24, 28, 29, 30, 31]),
        ("EVERY_DAY", list(range(22, 32))),
        ("WEEKLY", [25]),
        ("MONTHLY", [31]),
        ("NEVER", []),
    ],
)
def test_days_are_due_by_the_calendar(calendar, days):
    """The end of 2026: Christmas is a Friday, on which a week's statement is due all the same."""
    found = due_days(calendar, first=date(2026, 12, 22), before=date(2027, 1, 1), country="US")

    assert [day.day for day in found] == days
