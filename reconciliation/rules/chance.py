"""How probable it is that two things agree by chance."""

from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable

# The bound is too optimistic on busy accounts; measured, ten times is enough.
SAFETY = 10.0
_SPREAD = 0.1


def lattice_of(amount_minor: int) -> int:
    """The step on which such an amount lies: a cent, a dollar or five."""
    size = abs(amount_minor)
    if size % 500 == 0:
        return 500
    return 100 if size % 100 == 0 else 1


def sum_share(amount_minor: int) -> float:
    """The probability that a random sum of several is the amount: evenly over its size, on its lattice."""
    return min(1.0, 1.0 / max(abs(amount_minor) * 2 * _SPREAD / lattice_of(amount_minor), 1.0))


class Amounts:
    """The amounts of one family of items, and how likely a random one of them is a given amount."""

    def __init__(self, amounts: Iterable[int]) -> None:
        given = sorted(amounts)
        self.count = len(given)
        self.exact = Counter(given)
        self.by_lattice: dict[int, list[int]] = {1: [], 100: [], 500: []}
        for each in given:
            self.by_lattice[lattice_of(each)].append(each)

    def share(self, amount_minor: int) -> float:
        """The probability that one random item shows the amount: exact repeats, and density around it.

        The density is that on the amount's own lattice, within a tenth of it; never below one in a
        thousand times the number of steps there, so that an amount beyond all others is not called
        impossible.
        """
        if not self.count:
            return 1.0
        step = lattice_of(amount_minor)
        low, high = sorted((round(amount_minor * (1 - _SPREAD)), round(amount_minor * (1 + _SPREAD))))
        row = self.by_lattice[step]
        steps = max((high - low) / step, 1.0)
        inside = bisect_right(row, high) - bisect_left(row, low)
        density = max(inside, self.count / 1000) / steps
        repeats = max(self.exact[amount_minor] - 1, 0)
        return min(1.0, max(density, repeats) / self.count)
