"""Draws that can be repeated, and intervals that hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciliation.rules.sampling import EACH_PASS, Stratum, draw, precision_of, precision_of_all, wilson

POPULATIONS = st.dictionaries(
    st.sampled_from(["reference", "amount", "merged"]), st.lists(st.integers(1, 9_999), unique=True)
)


@given(population=POPULATIONS, seed=st.integers(0, 2**62))
def test_a_draw_takes_from_every_pass_and_is_repeated_by_its_seed(population, seed):
    drawn = draw(population, seed=seed)
    shuffled = {name: list(reversed(ids)) for name, ids in reversed(population.items())}

    assert drawn == draw(shuffled, seed=seed)
    for name, ids in population.items():
        assert len(drawn[name]) == min(EACH_PASS, len(ids))
        assert set(drawn[name]) <= set(ids)


def test_wilson_is_the_published_interval():
    found = wilson(0.9, 10)

    assert (found.low, found.high) == (pytest.approx(0.5958, abs=1e-4), pytest.approx(0.9821, abs=1e-4))


def test_all_right_is_not_certainty():
    found = precision_of(Stratum("reference", 1_000, 30, 30))

    assert found.share == 1
    assert found.low == pytest.approx(0.8865, abs=1e-4)


def test_what_nobody_judged_is_unknown():
    assert precision_of(Stratum("reference", 1_000, 0, 0)).share is None
    assert precision_of_all([]).share is None


def test_a_rare_pass_weighs_as_little_as_it_makes():
    common, rare = Stratum("reference", 990, 50, 50), Stratum("merged", 10, 50, 0)

    whole = precision_of_all([common, rare])

    assert whole.share == pytest.approx(0.99)
    assert whole.low < 0.99 < whole.high
