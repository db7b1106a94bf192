"""Cash to the smallest coin, in currencies of any number of digits."""

from hypothesis import given
from hypothesis import strategies as st

from cashiering.rules.rounding import cash_rounding, to_coins
from cashiering.rules.tenders import TenderGiven, take_tenders
from hms_ach.money import Money

CURRENCIES = st.sampled_from([("JPY", 10), ("USD", 5), ("CAD", 5), ("USD", 1), ("KWD", 5), ("EUR", 2)])


@given(CURRENCIES, st.integers(1, 10**9))
def test_a_rounded_amount_is_whole_coins_and_at_most_half_a_coin_away(currency, minor):
    code, coin = currency

    rounded = to_coins(Money(minor, code), coin).minor

    assert rounded % coin == 0
    assert abs(rounded - minor) * 2 <= coin


def test_halfway_is_the_payers():
    assert to_coins(Money(15, "JPY"), 10) == Money(10, "JPY")
    assert to_coins(Money(16, "JPY"), 10) == Money(20, "JPY")
    assert to_coins(Money(10_02, "USD"), 5) == Money(10_00, "USD")
    assert to_coins(Money(10_03, "USD"), 5) == Money(10_05, "USD")


@given(CURRENCIES, st.integers(1, 10**6), st.integers(0, 10**6), st.integers(0, 9_000))
def test_only_cash_is_rounded_and_what_is_owed_is_paid_exactly(currency, owed, by_card, more):
    code, coin = currency
    due = Money(owed, code)
    card = [TenderGiven("CARD", Money(min(by_card, owed), code))] if by_card else []
    in_cash = owed - min(by_card, owed)
    wanted = to_coins(Money(in_cash, code), coin).minor or in_cash
    given_cash = [TenderGiven("CASH", Money(wanted + more * coin, code))] if in_cash else []

    rounding = cash_rounding(due, [*card, *given_cash], coin)
    taken, excess = take_tenders(due + rounding, [*card, *given_cash])

    assert sum(one.amount.minor for one in taken) == owed + rounding.minor
    assert not excess
    if not given_cash:
        assert not rounding
    for one in taken:
        if one.given.kind == "CASH" and in_cash * 2 > coin:
            assert one.amount.minor % coin == 0
