"""Statistics over cashiers: who stands out from the colleagues, beyond what chance would do.

Counts and shares only, never amounts of money; a signal is a reason to look, not a verdict.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

# The chance that one honest cashier is shown by one signal in one look at the page.
FALSE_ALARM = 1e-5
# A single event is never a pattern.
FEWEST_EVENTS = 4


@dataclass(frozen=True, slots=True)
class Tally:
    """How often something happened to one cashier, out of how many chances."""

    events: int
    chances: int


@dataclass(frozen=True, slots=True)
class Standing:
    """One cashier beside the colleagues. chance is how likely at least so many events are honestly."""

    tally: Tally
    peer_share: float
    chance: float

    @property
    def is_signal(self) -> bool:
        return self.tally.events >= FEWEST_EVENTS and self.chance < FALSE_ALARM


def standings(tallies: Mapping[int, Tally]) -> dict[int, Standing]:
    """Each cashier against the pooled share of all others (binomial upper tail).

    Half an event and one chance are added to the colleagues, so that a share of zero accuses nobody.
    """
    events = sum(one.events for one in tallies.values())
    chances = sum(one.chances for one in tallies.values())
    found = {}
    for who, own in tallies.items():
        share = min((events - own.events + 0.5) / (chances - own.chances + 1.0), 1.0)
        # With few colleagues' chances the share is uncertain: half as much again in favour of the cashier.
        fair = min(share * 1.5, 1.0)
        found[who] = Standing(own, peer_share=share, chance=_upper_tail(own, fair))
    return found


def _upper_tail(tally: Tally, share: float) -> float:
    """P(X ≥ events) for X binomial(chances, share)."""
    n, k = tally.chances, tally.events
    if k <= 0 or share >= 1.0:
        return 1.0
    total = 0.0
    for i in range(k, n + 1):
        logarithm = (
            math.lgamma(n + 1)
            - math.lgamma(i + 1)
            - math.lgamma(n - i + 1)
            + i * math.log(share)
            + (n - i) * math.log1p(-share)
        )
        total += math.exp(logarithm)
    return min(total, 1.0)


def is_pattern(days: Sequence[date], *, events: int = 3, within_days: int = 30) -> bool:
    """Whether so many events ever fell within so many days. The days ascend; a day may stand twice."""
    spans = zip(days, days[events - 1 :], strict=False)
    return any((last - first).days < within_days for first, last in spans)


def ewma(values: Sequence[float], *, weight: float = 0.2) -> float:
    """Exponentially weighted mean, the newest value last; 0 without values (Roberts 1959)."""
    mean = 0.0
    for value in values:
        mean += weight * (value - mean)
    return mean
