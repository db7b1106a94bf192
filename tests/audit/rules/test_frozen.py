"""Frozen text: no two lists of fields read alike."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hms_ach.audit.offline_verifier import fields
from hms_ach.audit.rules.frozen import FrozenTextMalformed, freeze, thaw

VALUES = st.lists(st.none() | st.text(max_size=20), max_size=6)


@given(VALUES)
@settings(max_examples=100, deadline=None)
def test_what_was_frozen_thaws_the_same_in_both_readers(values):
    names = [str(number) for number in range(len(values))]

    assert list(thaw(freeze(values), names).values()) == values == fields(freeze(values))


def test_where_a_field_ends_matters():
    assert freeze(["ab", "c"]) != freeze(["a", "bc"])
    assert freeze([None]) != freeze([""]) != freeze(["-"])
    assert freeze(["é"]) == "2:é,"


@pytest.mark.parametrize("text", ["5:ab,", "2:abc,", "x:a,", "1:a", "-", "01:a,", "1:a,1:b,"])
def test_other_text_is_refused(text):
    with pytest.raises(FrozenTextMalformed):
        thaw(text, ["only"])
