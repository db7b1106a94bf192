"""References that one slip parts."""

import pytest

from reconciliation.rules.near import (
    any_neighbours,
    any_of_one_numbering,
    any_slip,
    are_neighbours,
    are_of_one_numbering,
    is_near,
)


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


@pytest.mark.parametrize(
    "one, other", [("0730530878", "0730530887"), ("AN672148631A", "AN672148632A"), ("999999", "1000001")]
)
def test_numbers_a_few_apart_are_neighbours_whatever_their_digits(one, other):
    assert are_neighbours(one, other)
    assert any_neighbours(("7", one), (other,))


@pytest.mark.parametrize(
    "one, other",
    [("90067354", "90061354"), ("A12345", "B12346"), ("1234", "1234"), ("12-3", "13-4"), ("B12X", "B13X")],
)
def test_other_numbers_are_none(one, other):
    assert not are_neighbours(one, other)


def test_the_neighbours_of_a_sequence_are_near_and_yet_no_slip():
    assert is_near("90067354", "90067355")
    assert not any_slip(("90067354",), ("90067355",))
    assert any_slip(("90067354",), ("90067355", "90061354"))


@pytest.mark.parametrize(
    "one, other, is_so",
    [
        ("3200207760", "3200207744", True),
        ("3200207760", "3200207764", False),
        ("3200207760", "8811907744", False),
        ("320760", "320744", False),
        ("3200207760", "32002077440", False),
    ],
    ids=["two digits apart", "a slip", "another beginning", "too short", "another length"],
)
def test_numbers_of_one_numbering_are_alike_in_front_and_no_slip(one, other, is_so):
    assert are_of_one_numbering(one, other) is is_so
    assert any_of_one_numbering(("7", one), (other,)) is is_so
