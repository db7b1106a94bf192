"""Names that no batch shares and that never leave their folder; waits that grow and end."""

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.rules.delivery import (
    PLACEHOLDERS,
    TRIES,
    WAITS,
    NameParts,
    file_name,
    is_folder,
    is_plain_name,
    pattern_problem,
    wait_after,
)

PARTS = NameParts("NORTH-GL-2026-000007", "MERCY", "NORTH", date(2026, 3, 12), 2, "fbdi", "csv")


@pytest.mark.parametrize(
    "pattern, name",
    [
        ("{number}.{extension}", "NORTH-GL-2026-000007.csv"),
        ("GL_{entity}_{facility}_{date}_{run}.{extension}", "GL_MERCY_NORTH_20260312_2.csv"),
        ("{layout}-{number}", "fbdi-NORTH-GL-2026-000007"),
    ],
)
def test_a_pattern_is_filled(pattern, name):
    assert pattern_problem(pattern) == ""
    assert file_name(pattern, PARTS) == name


def test_a_file_that_goes_again_has_a_name_of_its_own():
    assert file_name("{number}.{extension}", PARTS, repeat=1) == "NORTH-GL-2026-000007-2.csv"
    assert file_name("{number}", PARTS, repeat=2) == "NORTH-GL-2026-000007-3"


@pytest.mark.parametrize(
    "pattern, why",
    [
        ("batch.csv", "one name"),
        ("{facility}_{date}.csv", "one name"),
        ("../{number}.csv", "more than a file's name"),
        ("in/{number}.csv", "more than a file's name"),
        (".{number}", "more than a file's name"),
        ("{number} final.csv", "more than a file's name"),
        ("{number}..csv", "more than a file's name"),
        ("{number.__class__}", "unknown"),
        ("{number}{payer}", "unknown"),
        ("{number!r}", "alone"),
        ("{number:>500}", "alone"),
        ("{number", "do not close"),
        ("{}{number}", "unknown"),
    ],
)
def test_a_pattern_that_names_no_file_or_two_batches_alike_is_refused(pattern, why):
    assert why in pattern_problem(pattern)


@given(st.text(max_size=40), st.text(max_size=40), st.text(max_size=40))
def test_whatever_a_batch_is_called_its_file_stays_in_its_folder(number, entity, facility):
    parts = NameParts(number, entity, facility, date(2026, 3, 12), 1, "csv", "csv")

    name = file_name("GL_{number}_{entity}_{facility}.{extension}", parts)

    assert not set(name) - set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-")
    assert is_plain_name(name) or len(name) > 120


@given(
    st.lists(
        st.sampled_from([*(f"{{{each}}}" for each in PLACEHOLDERS), "/", "..", ".", "a", " ", "\\", "\0"])
    )
)
def test_a_pattern_that_is_taken_makes_plain_names(pieces):
    pattern = "".join(pieces)

    if not pattern_problem(pattern):
        assert is_plain_name(file_name(pattern, PARTS))


@pytest.mark.parametrize("path", ["oracle", "oracle/inbox", "a/b/c-1"])
def test_folders_below_the_base(path):
    assert is_folder(path)


@pytest.mark.parametrize("path", ["", "/etc", "..", "a/../b", "a//b", ".b", "a/.ssh", "a\\b", "a b", "a/"])
def test_ways_out_of_the_base(path):
    assert not is_folder(path)


def test_waits_grow_and_end():
    waits = [wait_after(tries) for tries in range(1, TRIES)]

    assert waits == list(WAITS)
    assert all(before < after for before, after in pairwise(waits))
    assert wait_after(TRIES) is None
    assert waits[0] == timedelta(minutes=1)
