"""Cheques as MICR readers type them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cashiering.formats.micr import MicrUnread, is_micr, read_micr

DIGITS = st.text("0123456789", min_size=1, max_size=12)
READERS = ["⑆⑈", "TU", "AC", ":<", "to"]


@pytest.mark.parametrize("reader", READERS)
def test_a_personal_and_a_business_cheque_are_read_in_every_readers_letters(reader):
    transit, on_us = reader
    personal = f"{transit}011000015{transit} 0001 2345678{on_us} 1042"
    business = f"{on_us}001042{on_us} {transit}011000015{transit} 12345678{on_us}"

    read = [read_micr(personal), read_micr(business)]

    assert [(one.routing, one.number) for one in read] == [("011000015", "1042")] * 2
    assert [one.account for one in read] == ["00012345678", "12345678"]


@given(account=DIGITS, number=DIGITS, eight=st.text("0123456789", min_size=8, max_size=8))
def test_exactly_one_of_ten_check_digits_is_believed(account, number, eight):
    read = []
    for check in "0123456789":
        try:
            read.append(read_micr(f"T{eight}{check}T{account}U{number}"))
        except MicrUnread:
            continue

    (line,) = read
    assert (line.account, line.number) == (account, number.lstrip("0") or "0")


@given(st.text())
def test_whatever_is_typed_is_read_or_refused(text):
    try:
        line = read_micr(text)
    except MicrUnread:
        return

    assert line.routing.isdecimal()


@pytest.mark.parametrize(
    "text",
    [
        "T011000015T12345678U",  # no number anywhere
        "U77UT011000015T12345678U1042",  # two numbers
        "T011000015T1234",  # broken off
        "T01100001T12345678U1042",  # a digit lost
    ],
)
def test_a_line_that_may_mean_two_things_or_is_not_whole_is_not_guessed_at(text):
    assert is_micr(text)
    with pytest.raises(MicrUnread):
        read_micr(text)


@pytest.mark.parametrize("text", ["1042", "A-1042", "No. 77 T", ""])
def test_a_typed_number_is_not_taken_for_a_readers_line(text):
    assert not is_micr(text)
