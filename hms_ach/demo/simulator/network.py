"""All of it: the days of a network, from the knobs."""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from hms_ach import calendars
from hms_ach.demo.simulator.business import Business
from hms_ach.demo.simulator.knobs import Knobs
from hms_ach.demo.simulator.mistakes import Mistakes
from hms_ach.demo.simulator.records import Group
from hms_ach.demo.simulator.world import Hospital, World, build_world
from hms_ach.demo.simulator.year import Events, Year, years_of


@dataclass(frozen=True)
class Network:
    """The invented network. groups: day by day, as bank and till show them."""

    world: World
    years: list[Year]
    groups: Iterator[Group]


def network_of(knobs: Knobs) -> Network:
    """The same knobs make the same network."""
    rng = random.Random(f"{knobs.seed}:{knobs.hospitals}:{knobs.noise}")
    world = build_world(knobs, rng)
    years = years_of(knobs, world, rng)
    return Network(world, years, _groups(knobs, world, years, rng))


def _groups(knobs: Knobs, world: World, years: list[Year], rng: random.Random) -> Iterator[Group]:
    business = Business(world, rng, foreign=knobs.rate("foreign"))
    mistakes, events = Mistakes(knobs, rng, business.line), Events(years)
    styles = {account: each for each in world.hospitals for account in (each.operating, each.deposits)}
    for on, span in _banking_days(knobs):
        for hospital in world.hospitals:
            groups = events.of(hospital, on, list(business.day(hospital, on, span)))
            for group in mistakes.spoil(groups):
                _write_as_the_bank_does(group, styles, rng)
                yield group


def _banking_days(knobs: Knobs) -> Iterator[tuple[date, list[date]]]:
    """Each banking day with the days that it settles: its own, and those on which banks rested."""
    span: list[date] = []
    for day in (knobs.first_on + timedelta(days=n) for n in range(knobs.days)):
        span.append(day)
        if calendars.is_banking_day(day):
            yield day, span
            span = []


def _write_as_the_bank_does(group: Group, styles: dict[str, Hospital], rng: random.Random) -> None:
    for line in group.lines:
        style = styles[line.account].style if line.account in styles else "plain"
        if style == "tagged":
            line.references = [f"TRN {said}" if said[:1].isdigit() else said for said in line.references]
        elif style == "text" and line.references:
            line.description = (
                f"{line.description} REF {' '.join(line.references)} {rng.choice(['ACH', 'CCD', ''])}".strip()
            )
            line.references = []
        elif style == "plain":
            line.references = [
                said.lstrip("0").lower() if rng.random() < 0.2 else said for said in line.references
            ]
