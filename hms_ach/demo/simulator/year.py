"""What happens once a year: a payer's outage, a changed contract, an account that nobody mapped."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hms_ach.demo.simulator.knobs import Knobs
from hms_ach.demo.simulator.records import Fact, Group
from hms_ach.demo.simulator.world import Hospital, Payer, World

# A shorter run has no room for them.
SHORTEST_DAYS = 60
OUTAGE_DAYS = 21
_FACTOR = 0.92


@dataclass
class Year:
    """silent_on .. speaks_on: the payer pays nothing, then everything on the last of these days.

    changed_on   from then on the payer pays by the new contract: `_FACTOR` of the old one
    unmapped_on  from then on accounts.csv does not say whose the deposit account is
    """

    silent: Payer
    silent_on: date
    speaks_on: date
    changed: Payer
    changed_on: date
    unmapped: Hospital
    unmapped_on: date

    def facts(self) -> Iterator[Fact]:
        days = {"from_on": str(self.silent_on), "to_on": str(self.speaks_on)}
        yield Fact("payer", "outage", [self.silent.name], days)
        changed = {"from_on": str(self.changed_on), "factor": _FACTOR}
        yield Fact("payer", "contract_change", [self.changed.name], changed)
        yield Fact("account", "missing_mapping", [self.unmapped.deposits], {"from_on": str(self.unmapped_on)})


def years_of(knobs: Knobs, world: World, rng: random.Random) -> list[Year]:
    """One for each year of the run that has at least sixty days of it."""
    starts = range(0, knobs.days, 365)
    return [_year(knobs, world, rng, at) for at in starts if knobs.days - at >= SHORTEST_DAYS]


def _year(knobs: Knobs, world: World, rng: random.Random, at: int) -> Year:
    span = min(365, knobs.days - at)
    first_on = knobs.first_on + timedelta(days=at)
    silent, changed = rng.sample([payer for payer in world.payers if not payer.is_capitation], 2)
    silent_on = first_on + timedelta(days=rng.randrange(7, span - OUTAGE_DAYS - 7))
    return Year(
        silent=silent,
        silent_on=silent_on,
        speaks_on=silent_on + timedelta(days=OUTAGE_DAYS),
        changed=changed,
        changed_on=first_on + timedelta(days=rng.randrange(7, span)),
        unmapped=rng.choice(world.hospitals),
        unmapped_on=first_on + timedelta(days=rng.randrange(7, span)),
    )


class Events:
    """Holds back what a silent payer does not pay, and pays what a changed contract says."""

    def __init__(self, years: list[Year]) -> None:
        self.years = years
        self.held: dict[tuple[str, str], list[Group]] = {}

    def of(self, hospital: Hospital, on: date, groups: list[Group]) -> list[Group]:
        """The hospital's groups of the day, as they are because of them."""
        shown: list[Group] = []
        for group in groups:
            payer = group.items[0].payer if group.kind == "remittance" else ""
            for year in self.years:
                if payer == year.changed.name and on >= year.changed_on:
                    _pay(group, _FACTOR)
            silent = next((year for year in self.years if self._is_silent(year, payer, on)), None)
            if silent is None:
                shown.append(group)
            else:
                self.held.setdefault((hospital.code, payer), []).append(group)
        return self._released(hospital, on) + shown

    def _is_silent(self, year: Year, payer: str, on: date) -> bool:
        return payer == year.silent.name and year.silent_on <= on < year.speaks_on

    def _released(self, hospital: Hospital, on: date) -> list[Group]:
        """What was held back, on the first banking day after the outage."""
        late: list[Group] = []
        for year in self.years:
            if on >= year.speaks_on:
                late += self.held.pop((hospital.code, year.silent.name), [])
        for group in late:
            group.planted = "outage"
            for part in group.parts:
                part.on = on
        return late


def _pay(group: Group, factor: float) -> None:
    for part in group.parts:
        part.amount_minor = round(part.amount_minor * factor)
