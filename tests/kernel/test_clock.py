"""The clock: aware moments, the facility's day."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hms_ach import clock
from hms_ach.refusal import Refusal

ZONES = ["America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC", "America/Los_Angeles"]
MOMENTS = st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(MOMENTS, st.sampled_from(ZONES), st.times().map(lambda at: at.replace(tzinfo=None)))
@settings(deadline=None, max_examples=150)
def test_the_business_day_is_today_or_yesterday_by_the_cut_off(moment, zone, cutoff):
    day = clock.business_date(timezone=zone, cutoff=cutoff, moment=moment)

    local = moment.astimezone(ZoneInfo(zone))
    assume(not local.fold)  # the hour that clocks show twice has a test of its own
    assert day == local.date() - (timedelta(days=1) if local.time() < cutoff else timedelta())


@given(
    zone=st.sampled_from(ZONES),
    cutoff=st.times().map(lambda at: at.replace(tzinfo=None)),
    changes=st.sampled_from([datetime(2026, month, 1, tzinfo=UTC) for month in (3, 4, 9, 11)]),
    minutes=st.lists(st.integers(0, 10 * 24 * 60), min_size=2, max_size=6).map(sorted),
)
@settings(deadline=None, max_examples=150)
def test_a_business_day_never_comes_back(zone, cutoff, changes, minutes):
    moments = [changes + timedelta(minutes=each) for each in minutes]

    days = [clock.business_date(timezone=zone, cutoff=cutoff, moment=moment) for moment in moments]

    assert days == sorted(days)


@pytest.mark.parametrize(
    "moment, day",
    [
        (datetime(2026, 11, 1, 5, 29, tzinfo=UTC), date(2026, 10, 31)),  # 01:29, the first time
        (datetime(2026, 11, 1, 5, 30, tzinfo=UTC), date(2026, 11, 1)),  # 01:30, the first time
        (datetime(2026, 11, 1, 6, 10, tzinfo=UTC), date(2026, 11, 1)),  # 01:10, the second time
        (datetime(2026, 11, 1, 6, 30, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2026, 11, 2, 6, 29, tzinfo=UTC), date(2026, 11, 1)),
    ],
)
def test_a_cut_off_that_clocks_show_twice_counts_the_first_time(moment, day):
    assert clock.business_date(timezone="America/New_York", cutoff=time(1, 30), moment=moment) == day


@pytest.mark.parametrize(
    "moment, day",
    [
        (datetime(2026, 3, 8, 8, 59, tzinfo=UTC), date(2026, 3, 8)),
        (datetime(2026, 3, 8, 7, 59, tzinfo=UTC), date(2026, 3, 7)),
        (datetime(2026, 11, 1, 8, 59, tzinfo=UTC), date(2026, 10, 31)),
        (datetime(2026, 11, 1, 9, 0, tzinfo=UTC), date(2026, 11, 1)),
        (datetime(2028, 2, 29, 12, 0, tzinfo=UTC), date(2028, 2, 29)),
    ],
)
def test_days_around_the_changes_of_clocks_in_new_york(moment, day):
    assert clock.business_date(timezone="America/New_York", cutoff=time(4), moment=moment) == day


def test_time_stands_still_inside_and_runs_after():
    moment = datetime(2026, 5, 1, 3, 0, tzinfo=ZoneInfo("America/New_York"))

    with clock.at(moment):
        assert clock.now() == moment
        assert clock.now().tzinfo is UTC
        assert clock.today("America/New_York") == date(2026, 5, 1)
        assert clock.today("Asia/Tokyo") == date(2026, 5, 1)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(seconds=5)


def test_a_moment_without_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"), clock.at(datetime(2026, 1, 1)):  # noqa: DTZ001
        pass


def test_a_day_in_a_sentence_is_written_in_words():
    class TooEarly(Refusal):
        sentence = "{day} is not over yet."

    assert str(TooEarly(day=date(2026, 3, 2))) == "Mar 2, 2026 is not over yet."
