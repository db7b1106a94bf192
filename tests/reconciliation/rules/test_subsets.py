"""The bounded search for the only subset."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from reconciliation.rules.subsets import LARGEST_POOL, count_of_sums, subsets_with_sum


@given(amounts=st.lists(st.integers(1, 50), max_size=8), total=st.integers(1, 150))
def test_it_finds_exactly_what_trying_all_finds(amounts, total):
    every = [
        chosen
        for size in range(2, 5)
        for chosen in combinations(range(len(amounts)), size)
        if sum(amounts[n] for n in chosen) == total
    ]

    found = subsets_with_sum(amounts, total, largest=4, enough=10**6)

    assert sorted(found) == sorted(every)


def test_a_large_pool_is_not_searched():
    assert subsets_with_sum([1] * (LARGEST_POOL + 1), 2, largest=4) == []


def test_it_counts_what_it_tests():
    assert count_of_sums(5, largest=3) == 10 + 10
