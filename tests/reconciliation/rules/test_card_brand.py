"""Which card brands a text names."""

import pytest

from reconciliation.rules.card_brand import brands_in


@pytest.mark.parametrize(
    ("text", "brands"),
    [
        ("WORLDPAY DES:MERCH DEP CCD VISA/MC", {"VISA", "MASTERCARD"}),
        ("American Express settlement", {"AMEX"}),
        ("DISC CLINIC 715", {"DISCOVER"}),
        ("girocard Netto", {"GIROCARD"}),
        ("MCKESSON DISCOUNT VISAGE", set()),
        ("", set()),
    ],
)
def test_a_brand_is_a_word_of_its_own(text, brands):
    assert brands_in(text) == brands
