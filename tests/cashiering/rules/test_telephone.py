"""Numbers that a text message can go to."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashiering.rules.telephone import TelephoneMalformed, is_telephone, masked_telephone, telephone


@pytest.mark.parametrize(
    "typed",
    ["+12125550142", " +1 212 555-0142 ", "+1 (212) 555.0142", "+1/212/555/0142", "+1\u00a0212 555 0142"],
)
def test_a_number_is_read_however_it_is_parted(typed):
    assert telephone(typed) == "+12125550142"


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "+",
        "2125550142",
        "0012125550142",
        "+0212555014",
        "+1212555",
        "+1234567890123456",
        "+1 212 CALL",
        "+١٢١٢٥٥٥٠١٤٢",
    ],
)
def test_a_number_without_its_country_or_of_another_length_is_refused(typed):
    assert not is_telephone(typed)
    with pytest.raises(TelephoneMalformed):
        telephone(typed)


@given(st.from_regex(r"\+[1-9][0-9]{7,14}", fullmatch=True), st.integers(1, 7))
def test_a_mask_shows_two_digits_and_no_more(number, at):
    parted = f"{number[:at]} {number[at:]}"

    assert telephone(parted) == number
    assert masked_telephone(parted) == f"•••• {number[-2:]}"
