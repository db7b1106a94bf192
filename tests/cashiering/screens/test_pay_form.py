"""What a cashier types, read as money."""

import pytest

from cashiering.screens.pay_form import AmountMissing, AmountUnreadable, typed_money
from hms_ach.money import Money, MoneyMalformed


@pytest.mark.parametrize(
    ("typed", "minor"),
    [("1,250.50", 1_250_50), ("$20", 20_00), ("1,50", None), ("1,2,3", None)],
)
def test_a_typed_comma_parts_thousands_and_nothing_else(typed, minor):
    if minor is None:
        with pytest.raises(MoneyMalformed):
            typed_money(typed, "USD")
    else:
        assert typed_money(typed, "USD") == Money(minor, "USD")


def test_what_is_no_amount_is_said_as_it_was_typed():
    with pytest.raises(MoneyMalformed, match="“ten” is not an amount in USD"):
        typed_money("ten", "USD")


@pytest.mark.parametrize("currency", ["USD", "JPY"])
def test_a_field_without_a_digit_is_never_zero(currency):
    for typed in ("", "  ", "$"):
        with pytest.raises(AmountMissing, match=f"No amount is written. Write it in {currency}"):
            typed_money(typed, currency)
    with pytest.raises(AmountUnreadable):
        typed_money(".", currency)
    assert typed_money("0", currency) == Money(0, currency)
