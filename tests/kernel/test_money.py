"""Money: exact, in one currency, never a float."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hms_ach.money import CURRENCIES, CurrencyMismatch, CurrencyUnknown, Money, MoneyMalformed, digits, total

MINORS = st.integers(-(10**15) + 1, 10**15 - 1)
SOME_CURRENCIES = st.sampled_from(["USD", "JPY", "KWD", "IQD", "CLF", "EUR"])


@given(MINORS, SOME_CURRENCIES)
def test_what_is_written_reads_the_same(minor, currency):
    amount = Money(minor, currency)

    assert Money.parse(str(amount), currency) == amount
    assert Money.from_json(amount.as_json()) == amount
    assert amount.decimal() * 10 ** digits(currency) == minor


@given(MINORS, st.lists(st.integers(0, 10**6), min_size=1, max_size=12).filter(sum))
def test_a_split_loses_nothing_and_is_fair_to_a_cent(minor, weights):
    shares = Money(minor, "USD").split(weights)

    assert total(shares, "USD") == Money(minor, "USD")
    for share, weight in zip(shares, weights, strict=True):
        assert abs(Decimal(share.minor) - Decimal(minor) * weight / sum(weights)) < 1
        assert share.minor == 0 or weight > 0


@given(MINORS, MINORS)
def test_sums_and_differences_are_those_of_the_minor_units(left, right):
    one, two = Money(left, "USD"), Money(right, "USD")

    assert (one + two).minor == left + right
    assert (one - two) + two == one
    assert (one < two) == (left < right)
    assert one + -one == Money.zero("USD")


@given(st.text(max_size=12))
def test_other_text_is_refused_or_reads_back_as_written(text):
    try:
        amount = Money.parse(text, "USD")
    except MoneyMalformed:
        return
    assert str(amount) == text or amount.minor == 0 or text.lstrip("-").startswith("0")


MALFORMED = "1|1.0|1.000|1,00|1e2| 1.00|1.00 |+1.00|--1.00|.50|NaN|١.٠٠|1.00\n||9999999999999999.00"


@pytest.mark.parametrize("text", MALFORMED.split("|"))
def test_malformed_amounts_are_refused(text):
    with pytest.raises(MoneyMalformed):
        Money.parse(text, "USD")


def test_currencies_do_not_mix():
    for mixed in (
        lambda: Money(1, "USD") + Money(1, "EUR"),
        lambda: Money(1, "USD") < Money(1, "EUR"),
        lambda: total([Money(1, "EUR")], "USD"),
    ):
        with pytest.raises(CurrencyMismatch):
            mixed()


@pytest.mark.parametrize("value", [1.0, "1", True, Decimal(1), None])
def test_minor_units_are_whole_numbers(value):
    with pytest.raises(TypeError):
        Money(value, "USD")


@pytest.mark.parametrize("currency", ["usd", "US", "XXX", "", "EURO"])
def test_an_unknown_currency_is_refused(currency):
    with pytest.raises(CurrencyUnknown):
        Money(1, currency)


def test_minor_units_follow_iso_4217():
    wanted = {"USD": 2, "JPY": 0, "KWD": 3, "IQD": 3, "CLF": 4, "ISK": 0, "UGX": 0, "MGA": 2, "HUF": 2}

    assert {currency: digits(currency) for currency in wanted} == wanted
    assert len(CURRENCIES) > 150
