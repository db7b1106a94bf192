"""Cells that no spreadsheet runs."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hms_ach.sheets import safe_text


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "|calc", "%0A", '  "=1', "＝1", "\t=1", "\u200b=1", "\u00a0@x"]
)
def test_a_formula_gets_an_apostrophe(text):
    assert safe_text(text).startswith("'")


@given(st.text(alphabet=st.sampled_from("=+-@|%＝＋－＠ '\"\t\r\n\x00abc1"), max_size=8))
def test_no_cell_begins_a_formula(text):
    cell = safe_text(text)

    start = unicodedata.normalize("NFKC", cell).lstrip(' "`')
    assert not start.startswith(tuple("=+-@|%"))
    assert not any(unicodedata.category(letter) == "Cc" for letter in cell)


def test_ordinary_text_is_kept():
    assert safe_text("Cash in drawers") == "Cash in drawers"
