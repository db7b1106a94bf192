"""Drawing matches to look at again, and what the drawn ones say about all."""

import math
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

EACH_PASS = 4
# The normal quantile of a two-sided interval of 95 per cent.
Z = 1.959963984540054


@dataclass(frozen=True, slots=True)
class Stratum:
    """What one pass made (population), how many of these a person judged, and how many were right."""

    name: str
    population: int
    judged: int
    right: int


@dataclass(frozen=True, slots=True)
class Precision:
    """A share with its Wilson score interval at 95 per cent; None where nobody has judged anything."""

    share: float | None
    low: float | None
    high: float | None


def draw(population: Mapping[str, Sequence[int]], *, seed: int) -> dict[str, list[int]]:
    """From each pass the same number, or all where there are fewer. The same seed draws the same again."""
    chance = random.Random(seed)  # noqa: S311 - drawn to be repeated, from a seed nobody can foresee
    return {
        name: sorted(chance.sample(sorted(ids), min(EACH_PASS, len(ids))))
        for name, ids in sorted(population.items())
    }


def wilson(share: float, count: float) -> Precision:
    """Wilson's score interval: unlike the normal one it holds for few draws and for shares close to one."""
    middle = (share + Z * Z / (2 * count)) / (1 + Z * Z / count)
    spread = Z * math.sqrt(share * (1 - share) / count + Z * Z / (4 * count * count)) / (1 + Z * Z / count)
    return Precision(share, max(middle - spread, 0.0), min(middle + spread, 1.0))


def precision_of(stratum: Stratum) -> Precision:
    if not stratum.judged:
        return Precision(None, None, None)
    return wilson(stratum.right / stratum.judged, stratum.judged)


def precision_of_all(strata: Sequence[Stratum]) -> Precision:
    """Of all passes that somebody judged, each weighted by what it made.

    The interval is Wilson's for as many draws as the weighted ones are worth (Kish): a rare pass that is
    drawn as often as a common one tells less about the whole.
    """
    judged = [each for each in strata if each.judged]
    total = sum(each.population for each in judged)
    if not total:
        return Precision(None, None, None)
    weights = [each.population / total for each in judged]
    share = sum(weight * each.right / each.judged for weight, each in zip(weights, judged, strict=True))
    worth = 1 / sum(weight * weight / each.judged for weight, each in zip(weights, judged, strict=True))
    return wilson(min(share, 1.0), worth)
