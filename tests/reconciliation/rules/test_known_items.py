"""Whom a bank's text names among a hospital's payers."""

import pytest

from reconciliation.rules.known_items import WORDING, KnownItems


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("ORIG ALPHA HEALTH PLAN 20260312 SEC CCD", "ALPHAHEALTHPLAN"),
        ("PAYMENT OF ALPHA HEALTH", "ALPHAHEALTH"),
        ("ALPHA HEALTH BY ORDER OF BRAVO CARE", f"{WORDING}ALPHAHEALTHBYORDEROFBRAVOCARE"),
        ("DEPOSIT 4711", f"{WORDING}DEPOSIT"),
        ("4711", ""),
    ],
)
def test_the_longest_name_in_a_text_is_meant_unless_it_names_two(text, name):
    called = ("Alpha Health", "Alpha Health Plan", "Bravo Care")
    known = KnownItems.of([("", each, "") for each in called])

    assert known.name_in(text) == name
