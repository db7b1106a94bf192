"""What a refusal says."""

from datetime import date

from hms_ach.money import Money
from hms_ach.refusal import Refusal


class TooMuch(Refusal):
    code = "too_much"
    sentence = "{asked} of {held} on {day}, line {line}."


def test_a_refusal_says_money_with_its_currency_and_days_in_words():
    refused = TooMuch(asked=Money(40_00, "USD"), held=Money(500, "JPY"), day=date(2026, 3, 1), line=3)

    assert str(refused) == "40.00 USD of 500 JPY on Mar 1, 2026, line 3."
    assert refused.params["asked"] == Money(40_00, "USD")
