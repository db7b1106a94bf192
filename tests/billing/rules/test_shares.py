"""Shares never lose a cent."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.rules.shares import Share, ShareEmpty, SharesDoNotAddUp, split_lines
from hms_ach.money import Money


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@given(
    lines=st.lists(st.integers(1, 10**9), min_size=1, max_size=12),
    weights=st.lists(st.integers(1, 100), min_size=1, max_size=4),
)
def test_parts_of_a_line_sum_to_the_line(lines, weights):
    try:
        parts = split_lines([usd(minor) for minor in lines], [Share(weight=weight) for weight in weights])
    except ShareEmpty:
        assert sum(lines) < 100 * len(weights)
        return

    assert [sum(part[i].minor for part in parts) for i in range(len(lines))] == lines
    assert all(amount.minor >= 0 for part in parts for amount in part)


def test_each_party_gets_exactly_its_amount():
    parts = split_lines([usd(33_33), usd(66_67)], [Share(amount=usd(20_00)), Share(weight=1)])

    assert [sum(amount.minor for amount in part) for part in parts] == [20_00, 80_00]


@pytest.mark.parametrize("amounts", [(60_00, 50_00), (60_00, 30_00)])
def test_amounts_that_miss_the_total_are_refused(amounts):
    with pytest.raises(SharesDoNotAddUp):
        split_lines([usd(100_00)], [Share(amount=usd(minor)) for minor in amounts])


def test_a_party_that_would_pay_nothing_is_refused():
    with pytest.raises(ShareEmpty):
        split_lines([usd(100_00)], [Share(amount=usd(100_00)), Share(weight=1)])
