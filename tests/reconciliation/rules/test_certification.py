"""Counting statements in a row."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciliation.models import CertificationClaim
from reconciliation.rules.certification import ITEMS, Cycle, cycles_in_row


def cycle(opening, closing, booked, sequence=None, year=2026) -> Cycle:
    return Cycle(opening, closing, booked, year, sequence)


@pytest.mark.parametrize(
    ("cycles", "count"),
    [
        ([], 0),
        ([cycle(0, 5, 5)], 1),
        ([cycle(0, 5, 4)], 0),
        ([cycle(None, 5, 5)], 0),
        ([cycle(0, None, 0)], 0),
        ([cycle(0, 5, 5), cycle(5, 3, -2)], 2),
        ([cycle(0, 5, 5), cycle(6, 7, 1)], 1),
        ([cycle(0, 5, 4), cycle(5, 7, 2)], 1),
        ([cycle(0, 5, 5, 1), cycle(5, 7, 2, 3)], 1),
        ([cycle(0, 5, 5, 1), cycle(5, 7, 2, 2)], 2),
        ([cycle(0, 5, 5, 250, 2025), cycle(5, 7, 2, 1, 2026)], 2),
        ([cycle(0, 5, 5), cycle(5, None, 2), cycle(7, 9, 2)], 1),
    ],
)
def test_a_row_ends_where_balances_do_not_add_up_or_join(cycles, count):
    assert cycles_in_row(cycles) == count


@given(booked=st.lists(st.integers(-9, 9), min_size=1, max_size=30), data=st.data())
def test_one_statement_left_out_within_ends_the_row_unless_it_moved_nothing(booked, data):
    cycles, balance = [], 0
    for minor in booked:
        cycles.append(cycle(balance, balance + minor, minor))
        balance += minor
    at = data.draw(st.integers(0, len(booked) - 1))

    assert cycles_in_row(cycles) == len(booked)
    is_whole = booked[at] == 0 or at in (0, len(booked) - 1)
    left = len(booked) - 1 if is_whole else len(booked) - 1 - at
    assert cycles_in_row(cycles[:at] + cycles[at + 1 :]) == left


def test_every_item_says_what_is_asked_and_fits_its_column():
    longest = CertificationClaim._meta.get_field("item").max_length

    assert all(item.title and item.ask and len(code) <= longest for code, item in ITEMS.items())
