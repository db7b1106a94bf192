"""What goes back in foreign notes."""

from decimal import Decimal

from hypothesis import assume, given
from hypothesis import strategies as st

from cashiering.rules.foreign_cash import given_back, worth_of
from hms_ach.money import Money

RATES = st.decimals("0.0001", "200", places=10)


@given(rate=RATES, pieces=st.integers(1, 500), smallest=st.integers(1, 10_00))
def test_what_the_notes_were_worth_goes_back_in_those_notes(rate: Decimal, pieces: int, smallest: int):
    assume(rate * smallest >= 1)  # a note is worth a cent at least
    notes = Money(pieces * smallest, "CAD")
    worth = worth_of(notes, minor_rate=rate, currency="USD")

    back, rest = given_back(worth, minor_rate=rate, base="CAD", smallest=smallest, most=notes)

    assert (back, rest) == (notes, Money(0, "USD"))


@given(rate=RATES, minor=st.integers(0, 900_00), smallest=st.integers(1, 10_00), most=st.integers(0, 900_00))
def test_notes_go_back_as_far_as_they_are_worth_no_more(rate: Decimal, minor: int, smallest: int, most: int):
    assume(rate * smallest >= 1)
    amount = Money(minor, "USD")

    back, rest = given_back(amount, minor_rate=rate, base="CAD", smallest=smallest, most=Money(most, "CAD"))

    assert back.minor % smallest == 0
    assert 0 <= back.minor <= most
    assert rest == amount - worth_of(back, minor_rate=rate, currency="USD") >= Money(0, "USD")
    more = worth_of(Money(back.minor + smallest, "CAD"), minor_rate=rate, currency="USD")
    assert more > amount or back.minor + smallest > most
