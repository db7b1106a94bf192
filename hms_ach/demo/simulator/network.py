"""All of it: the days of a network, from the knobs."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

from hms_ach import calendars
from hms_ach.demo.simulator.business import Business
from hms_ach.demo.simulator.knobs import Knobs
from hms_ach.demo.simulator.mistakes import Mistakes
from hms_ach.demo.simulator.records import Group
from hms_ach.demo.simulator.world import Hospital, build_world


def true_groups(knobs: Knobs) -> Iterator[Group]:
    """Every group of the network, day by day, as bank and till show it."""
    rng = random.Random(f"{knobs.seed}:{knobs.hospitals}:{knobs.noise}")
    world = build_world(knobs, rng)
    business = Business(world, rng)
    mistakes = Mistakes(knobs, rng, business.line)
    styles = {account: each for each in world.hospitals for account in (each.operating, each.deposits)}
    for on, span in _banking_days(knobs):
        for hospital in world.hospitals:
            for group in mistakes.spoil(list(business.day(hospital, on, span))):
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
        style = styles[line.account].style
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
