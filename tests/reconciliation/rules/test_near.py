"""References that one slip parts."""

import pytest

from reconciliation.rules.near import any_slip, is_near


@pytest.mark.parametrize(
    "one, other",
    [("1234567", "1234467"), ("1234567", "124567"), ("1234567", "1243567"), ("1234567", "34567")],
    ids=["a digit wrong", "a digit missing", "two exchanged", "cut at the front"],
)
def test_one_slip_is_near(one, other):
    assert is_near(one, other)
    assert is_near(other, one)


@pytest.mark.parametrize(
    "one, other", [("1234567", "1234400"), ("1234", "1235"), ("1234567", "7654321"), ("123456", "12")]
)
def test_more_than_one_slip_or_too_short_is_not(one, other):
    assert not is_near(one, other)


def test_the_neighbours_of_a_sequence_are_near_and_yet_no_slip():
    assert is_near("90067354", "90067355")
    assert not any_slip(("90067354",), ("90067355",))
    assert any_slip(("90067354",), ("90067355", "90061354"))
