"""The keys of the register."""

import pytest

from cashiering.rules.keys import KEYS, KeyMalformed, KeyTaken, check_keys, keys_with


def test_every_action_has_a_key_and_an_alternative_of_its_own():
    pressed = [key for one in KEYS for key in (one.key, one.alt)]

    assert len(pressed) == len(set(pressed))
    assert not {"F5", "Ctrl+W", "Ctrl+T"} & set(pressed)


def test_a_chosen_key_replaces_the_own_one_and_an_alternative_in_its_way():
    keys = keys_with(check_keys({"cash": "F12", "card": "Alt+1", "find": "F1"}))

    assert (keys["cash"].key, keys["cash"].alt) == ("F12", "Alt+2")
    assert (keys["card"].key, keys["find"].alt) == ("Alt+1", "")


@pytest.mark.parametrize(
    ("chosen", "refusal"),
    [
        ({"cash": "F3"}, KeyTaken),
        ({"cash": "Enter"}, KeyMalformed),
        ({"cash": ""}, KeyMalformed),
        ({"dance": "F12"}, KeyMalformed),
    ],
)
def test_keys_that_cannot_be_are_refused(chosen, refusal):
    with pytest.raises(refusal):
        check_keys(chosen)
