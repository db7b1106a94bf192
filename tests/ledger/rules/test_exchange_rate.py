"""Crossing rates, converting without a lost unit, and what a settlement takes away."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.exchange_rate import Quoted, converted, crossed, relieved

DAY = date(2026, 3, 12)
ECB = [Quoted(1, DAY, "EUR", "USD", Decimal("1.0951")), Quoted(2, DAY, "EUR", "JPY", Decimal("163.45"))]


def rates(quoted, targets):
    return {(each.base, each.quote): (each.rate, each.via) for each in crossed(quoted, targets)}


def test_a_source_that_quotes_from_the_euro_gives_every_way_into_dollars():
    assert rates(ECB, ["USD"]) == {("JPY", "USD"): (Decimal("0.0066999082"), "EUR")}


def test_towards_the_euro_rates_are_turned_round():
    assert rates(ECB, ["EUR"]) == {
        ("USD", "EUR"): (Decimal("0.9131586157"), "EUR"),
        ("JPY", "EUR"): (Decimal("0.0061180789"), "EUR"),
    }


def test_what_the_source_says_itself_is_not_computed():
    said = [*ECB, Quoted(3, DAY, "JPY", "USD", Decimal("0.0067"))]

    assert ("JPY", "USD") not in rates(said, ["USD"])


def test_rates_of_two_days_are_not_mixed():
    other = [Quoted(1, date(2026, 3, 11), "EUR", "USD", Decimal("1.2")), ECB[1]]

    assert rates(other, ["USD"]) == {}


AMOUNTS = st.lists(st.integers(-(10**9), 10**9), min_size=1, max_size=8)
RATES = st.decimals("0.000001", "100000", places=8)


@given(AMOUNTS, RATES)
def test_amounts_that_sum_to_zero_still_do_when_converted(amounts, rate):
    amounts = [*amounts, -sum(amounts)]

    values = converted(amounts, rate)

    assert sum(values) == 0
    assert all(abs(value - amount * rate) < 1 for value, amount in zip(values, amounts, strict=True))


@given(st.integers(1, 10**9), st.integers(0, 10**10), st.lists(st.integers(1, 10**8), min_size=1, max_size=6))
def test_settlements_relieve_an_item_to_nothing_and_never_more(amount, functional, parts):
    left, worth = amount, functional
    for part in [*parts, amount]:
        taken, value = relieved(amount=left, functional=worth, settled=-part)
        left, worth = left - taken, worth - value
        assert left >= 0
        assert 0 <= worth <= functional

    assert (left, worth) == (0, 0)


@pytest.mark.parametrize("amount, settled", [(100, 50), (-100, -50), (0, -50)])
def test_what_does_not_settle_relieves_nothing(amount, settled):
    assert relieved(amount=amount, functional=110, settled=settled) == (0, 0)
