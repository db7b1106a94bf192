"""Where a session stands in its shift."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cashiering.rules.shift import Shift, shift_of

OPENED = datetime(2026, 3, 12, 15, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "minutes, expected",
    [(0, Shift.WITHIN), (575, Shift.WITHIN), (576, Shift.NEAR), (719, Shift.NEAR), (720, Shift.OVER)],
)
def test_a_shift_is_near_its_end_at_four_fifths_and_over_at_its_limit(minutes, expected):
    assert shift_of(OPENED, OPENED + timedelta(minutes=minutes), hours=12) is expected


def test_a_night_in_which_the_clocks_change_has_as_many_hours_as_any():
    new_york = ZoneInfo("America/New_York")
    opened = datetime(2026, 3, 7, 22, 0, tzinfo=new_york).astimezone(UTC)

    ends = datetime(2026, 3, 8, 11, 0, tzinfo=new_york).astimezone(UTC)

    assert shift_of(opened, ends, hours=12) is Shift.OVER
    assert shift_of(opened, ends - timedelta(minutes=1), hours=12) is Shift.NEAR
