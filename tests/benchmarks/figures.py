"""What a benchmark says, and how it is measured."""

import json
import math
import statistics
from collections.abc import Callable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Figure:
    """One measured value beside its peer from the same run.

    against  what it is compared with: another program's figure, or a limit
    ratio    value divided by against_value
    aim      what the ratio or value should be, in words a reader can check
    met      whether it is; None when there is no aim
    """

    bench: str
    figure: str
    value: float
    unit: str
    against: str | None = None
    against_value: float | None = None
    ratio: float | None = None
    aim: str | None = None
    met: bool | None = None

    def as_json(self) -> str:
        return json.dumps(asdict(self))

    def as_line(self) -> str:
        line = f"{self.bench:<15}{self.figure:<48}{self.value:>12,.4g} {self.unit}"
        if self.against_value is not None:
            line += f"   {self.against}: {self.against_value:,.4g} {self.unit}   ratio {self.ratio:.2f}"
        if self.aim:
            line += f"   aim {self.aim}: {'met' if self.met else 'NOT MET'}"
        return line


def beside(
    bench: str,
    figure: str,
    *,
    value: float,
    unit: str,
    against: str,
    against_value: float,
    ratio_at_most: float | None = None,
    ratio_at_least: float | None = None,
) -> Figure:
    """A figure next to its peer, with the aim for their ratio, if any."""
    ratio = value / against_value
    aim, met = None, None
    if ratio_at_most is not None:
        aim, met = f"ratio at most {ratio_at_most:g}", ratio <= ratio_at_most
    if ratio_at_least is not None:
        aim, met = f"ratio at least {ratio_at_least:g}", ratio >= ratio_at_least
    return Figure(bench, figure, value, unit, against, against_value, ratio, aim, met)


def within(bench: str, figure: str, *, value: float, unit: str, limit: float) -> Figure:
    """A figure that should not exceed a limit."""
    aim = f"at most {limit:g} {unit}"
    return Figure(bench, figure, value, unit, "limit", limit, value / limit, aim, value <= limit)


def alone(bench: str, figure: str, *, value: float, unit: str) -> Figure:
    """A figure that is only reported."""
    return Figure(bench, figure, value, unit)


def interleaved_medians(
    contestants: dict[str, Callable[[], float]], *, repetitions: int = 5
) -> dict[str, float]:
    """The median of each contestant's figures, taken in turns so that a noisy minute hits all of them.

    Each contestant runs once unmeasured, then `repetitions` times; it returns its own figure.
    """
    for run in contestants.values():
        run()
    taken: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(repetitions):
        for name, run in contestants.items():
            taken[name].append(run())
    return {name: statistics.median(figures) for name, figures in taken.items()}


def percentile(values: list[float], share: float) -> float:
    """The value below which `share` (0 to 1) of the values lie; the nearest rank."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)]
