"""Which subsets of a few amounts make up a sum: the bounded search behind merged and split deposits."""

from collections.abc import Sequence
from itertools import combinations

LARGEST_POOL = 10


def subsets_with_sum(
    amounts: Sequence[int], total: int, *, largest: int, enough: int = 2
) -> list[tuple[int, ...]]:
    """Positions of 2 to `largest` amounts that make up the total exactly; it stops after `enough` of them.

    Two results mean that no answer is the only one. A pool of more than ten is not searched: among so many,
    a sum that fits proves nothing. At most 2^10 sums.
    """
    if len(amounts) > LARGEST_POOL:
        return []
    found: list[tuple[int, ...]] = []
    for size in range(2, min(largest, len(amounts)) + 1):
        if total not in map(sum, combinations(amounts, size)):
            continue  # Nearly always, and told without a step of Python.
        for chosen in combinations(range(len(amounts)), size):
            if sum(amounts[n] for n in chosen) == total:
                found.append(chosen)
                if len(found) >= enough:
                    return found
    return found


def count_of_sums(pool: int, *, largest: int) -> int:
    """How many subsets were tested: what the risk of a coincidence grows with."""
    total, ways = 0, 1
    for size in range(1, min(largest, pool) + 1):
        ways = ways * (pool - size + 1) // size
        if size > 1:
            total += ways
    return total
