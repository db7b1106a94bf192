"""Who stands out is told by chance alone, and nobody for what all do."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashiering.rules.signals import FALSE_ALARM, Tally, ewma, is_pattern, standings


def test_one_who_voids_ten_times_as_often_as_the_colleagues_stands_out():
    found = standings({1: Tally(12, 60), 2: Tally(1, 60), 3: Tally(0, 60), 4: Tally(1, 60)})

    assert [who for who, one in found.items() if one.is_signal] == [1]


@given(st.integers(0, 30), st.integers(30, 300), st.integers(2, 12))
def test_nobody_stands_out_where_all_are_alike(events, chances, people):
    found = standings(dict.fromkeys(range(people), Tally(events, chances)))

    assert not any(one.is_signal for one in found.values())


@given(st.integers(1, 200), st.data())
def test_a_chance_is_a_probability_and_falls_as_events_rise(chances, data):
    events = data.draw(st.integers(0, chances - 1))

    less = standings({1: Tally(events, chances), 2: Tally(5, 500)})[1].chance
    more = standings({1: Tally(events + 1, chances), 2: Tally(5, 500)})[1].chance

    assert 0.0 <= more <= less <= 1.0


def test_few_events_are_no_pattern():
    assert not standings({1: Tally(3, 3), 2: Tally(0, 10_000)})[1].is_signal
    assert standings({1: Tally(4, 4), 2: Tally(0, 10_000)})[1].chance < FALSE_ALARM


def test_the_weighted_mean_follows_the_newest():
    assert ewma([]) == 0.0
    assert ewma([0, 0, 100]) == 20.0
    assert ewma([100, 0, 0]) < ewma([0, 0, 100])


@pytest.mark.parametrize(
    "offsets, expected",
    [([], False), ([0, 1], False), ([0, 15, 29], True), ([0, 15, 30], False), ([0, 40, 50, 69], True)],
)
def test_three_differences_within_thirty_days_are_a_pattern(offsets, expected):
    days = [date(2026, 3, 1) + timedelta(days=offset) for offset in offsets]

    assert is_pattern(days) is expected
