"""The open lines and units of one account, who is near whom, and which answers may stand."""

from bisect import bisect_left, bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from operator import attrgetter
from typing import Any, Generic, TypeVar

from reconciliation.engine.parts import Answer, Facts, Line, Unit
from reconciliation.rules.near import any_neighbours, any_slip

# Rivals are looked for this many days around a unit's own window.
WIDE_DAYS = 10
# The probability that a match only seems to fit: at most this for each, and so much for all of a run.
EPSILON = 1e-3
BUDGET = 5e-5
# Among more than this many, nothing is the only one.
CROWD = 50
# A key that more open units bear is a number of their payer or terminal.
FEW_BEARERS = 3
LARGE_CROWD = 200
_KIND, _LAST, _ON = attrgetter("kind"), attrgetter("last"), attrgetter("on")
Part = TypeVar("Part", Line, Unit)


class Budget:
    """The risk that a run may take: EPSILON at most for a match, BUDGET times its matches in all."""

    def __init__(self, matches: int) -> None:
        self.left = 20 * BUDGET + BUDGET * matches

    def allows(self, risk: float) -> bool:
        if risk > EPSILON or risk > self.left:
            return False
        self.left += BUDGET - risk
        return True


class Days(Generic[Part]):
    """Parts by what they are looked up by, in order of their day."""

    def __init__(self, parts: Iterable[Part], keys_of: Callable, day_of: Callable) -> None:
        rows: Any = defaultdict(list)
        for part in sorted(parts, key=lambda each: (day_of(each), each.id)):
            for key in keys_of(part):
                rows[key].append(part)
        self.rows: dict[object, list[Part]] = dict(rows)
        self.days = {key: [day_of(each) for each in row] for key, row in rows.items()}

    def between(self, key: object, first: int, last: int, most: int) -> list[Part] | None:
        """Those of the days; None when there are more than `most`."""
        days = self.days.get(key)
        if days is None:
            return []
        low, high = bisect_left(days, first), bisect_right(days, last)
        return None if high - low > most else self.rows[key][low:high]

    def few(self, key: object, first: int, last: int, most: int) -> list[Part]:
        """The first of those days, at most `most`."""
        low = bisect_left(self.days.get(key, []), first)
        high = min(bisect_right(self.days.get(key, []), last), low + most)
        return self.rows[key][low:high] if high > low else []

    def count(self, key: object, first: int, last: int) -> int:
        days = self.days.get(key, [])
        return bisect_right(days, last) - bisect_left(days, first)


class Board:
    """What is open and what is contested. Accepting takes lines and units off, into answers."""

    def __init__(self, lines: Iterable[Line], units: Iterable[Unit], facts: Facts, budget: Budget) -> None:
        self.facts, self.budget = facts, budget
        self.lines = {line.id: line for line in lines}
        self.units = {unit.id: unit for unit in units}
        self.contested: set[tuple[str, int]] = set()
        self.answers: list[Answer] = []
        self.refused: list[Answer] = []
        self.habits: dict[tuple[str, str], Any] = {}
        # By line: party, way of paying, and the units that it would pay so (reading_days.habits).
        self.ways: dict[int, list[tuple[str, str, frozenset[int]]]] = {}
        self.reach = max((unit.high - unit.last for unit in self.units.values()), default=5)
        self.lead = max((unit.last - unit.low for unit in self.units.values()), default=1)

    def _forget(self) -> None:
        """Forget the look-up tables: each is made anew, of what is open, when a reading next asks for it."""
        for name in ("by_amount", "by_payer", "by_kind", "by_any_kind", "lines_by_amount", "lines_by_party"):
            self.__dict__.pop(name, None)

    @cached_property
    def by_amount(self) -> Days[Unit]:
        return Days(self.units.values(), lambda unit: unit.shown, _LAST)

    @cached_property
    def by_payer(self) -> Days[Unit]:
        return Days(
            self.units.values(), lambda unit: {unit.payer, unit.payer_key, unit.terminal_key} - {""}, _LAST
        )

    @cached_property
    def by_kind(self) -> Days[Unit]:
        """Units that nobody is known to pay."""
        return Days(self.units.values(), lambda unit: () if unit.payer else (unit.kind,), _LAST)

    @cached_property
    def by_any_kind(self) -> Days[Unit]:
        return Days(self.units.values(), lambda unit: (unit.kind,), _LAST)

    @cached_property
    def lines_by_amount(self) -> Days[Line]:
        return Days(self._usable(), lambda line: (line.amount,), _ON)

    @cached_property
    def lines_by_party(self) -> Days[Line]:
        return Days(self._usable(), self._parties, _ON)

    @cached_property
    def _common_keys(self) -> frozenset[str]:
        """As many bore them when they were first asked for: taking units off makes no name of a number."""
        borne = Counter(key for unit in self.units.values() for key in unit.keys)
        return frozenset(key for key, bearers in borne.items() if bearers > FEW_BEARERS)

    def bears_the_next(self, keys: tuple[str, ...], unit: Unit) -> bool:
        """One of the keys is a neighbour of one of the unit's in their sequence."""
        untailed = self.facts.untailed
        return any_neighbours(keys, unit.keys) or any_neighbours(untailed(keys), untailed(unit.keys))

    def bears_a_slip(self, keys: tuple[str, ...], unit: Unit) -> bool:
        """One of the keys is one of the unit's wrongly written, and none the next where a tail follows."""
        untailed = self.facts.untailed
        return any_slip(keys, unit.keys) and not any_neighbours(untailed(keys), untailed(unit.keys))

    def own_keys(self, line: Line) -> tuple[str, ...]:
        """The line's keys that may name one thing: not who pays, a terminal, or what many units bear."""
        no_names = (self._common_keys, line.payers, line.terminals)
        return tuple(key for key in line.keys if not any(key in keys for keys in no_names))

    def _usable(self) -> list[Line]:
        return [line for line in self.lines.values() if not line.repeats]

    def _parties(self, line: Line) -> set[str]:
        return ({self.facts.payers.get(line.who, "")} | line.payers | line.terminals) - {""}

    def units_showing(self, line: Line) -> list[Unit] | None:
        """The units with the line's amount in the wide window that nothing contradicts; None for a crowd."""
        first, last = line.on - self.reach - WIDE_DAYS, line.on + self.lead + WIDE_DAYS
        near = self.by_amount.between(line.amount, first, last, CROWD)
        if near is None:
            return None
        return [
            unit
            for unit in self.facts.fitting(line, near)
            if is_within(line, unit, WIDE_DAYS) and not line.apart.intersection(unit.members)
        ]

    def lines_showing(self, unit: Unit) -> list[Line] | None:
        """The lines with an amount of the unit in the wide window, nothing against them; None for a crowd."""
        found: list[Line] = []
        for amount in unit.shown:
            near = self.lines_by_amount.between(amount, unit.low - WIDE_DAYS, unit.high + WIDE_DAYS, CROWD)
            if near is None:
                return None
            found += [line for line in near if self.facts.fits(line, unit)]
        return found

    def shows_another(self, line: Line, units: tuple[Unit, ...]) -> bool:
        """A unit beside these is by itself what the line shows, or there are too many to tell."""
        near = self.units_showing(line)
        return near is None or any(unit not in units and not is_named_elsewhere(line, unit) for unit in near)

    def is_shown_by_another(self, unit: Unit, lines: tuple[Line, ...]) -> bool:
        """A line beside these shows the unit by itself, or there are too many to tell."""
        near = self.lines_showing(unit)
        return near is None or any(line not in lines and not is_named_elsewhere(line, unit) for line in near)

    def near_units(self, line: Line) -> list[Unit]:
        """Open units that the line could be made of: its payer's where that is known, otherwise nobody's."""
        first, last = line.on - self.reach, line.on + self.lead
        parties = self._parties(line)
        table, keys = (self.by_payer, parties) if parties else (self.by_kind, self.by_kind.rows)
        found: dict[int, Unit] = {}
        for key in keys:
            if not parties and not self.facts.is_kind_of(line, str(key)):
                continue
            near = table.between(key, first, last, LARGE_CROWD)
            if near is None:
                return []
            found |= {unit.id: unit for unit in near}
        for named in line.names:
            if named in self.units:
                found[named] = self.units[named]
        return [found[each] for each in sorted(found)]

    def near_lines(self, unit: Unit) -> list[Line]:
        """Open lines of the unit's payer, and those that name it."""
        found = {line.id: line for each in unit.named_by if (line := self.lines.get(each))}
        for key in {unit.payer, unit.payer_key, unit.terminal_key} - {""}:
            near = self.lines_by_party.between(key, unit.low, unit.high, LARGE_CROWD)
            if near is None:
                return []
            found |= {line.id: line for line in near}
        return [found[each] for each in sorted(found)]

    def may_be_of_its_party(self, line: Line) -> bool:
        """It says who pays, and something of theirs is open in the wide window."""
        first, last = line.on - self.reach - WIDE_DAYS, line.on + self.lead + WIDE_DAYS
        return any(self.by_payer.count(party, first, last) for party in self._parties(line))

    def pool(self, line: Line, unit: Unit, *, is_party: bool) -> dict[str, int]:
        """How many open units, by kind, the line could have met in the wide window where it met this one."""
        first, last = line.on - self.reach - WIDE_DAYS, line.on + self.lead + WIDE_DAYS
        party = unit.terminal_key if is_party and unit.terminal_key in line.terminals else unit.payer
        if is_party and party:
            near = self.by_payer.between(party, first, last, LARGE_CROWD)
            if near is None:
                return {unit.kind: self.by_payer.count(party, first, last)}
            return Counter(map(_KIND, near))
        return {
            str(kind): self.by_any_kind.count(kind, first, last)
            for kind in self.by_any_kind.rows
            if self.facts.is_kind_of(line, str(kind))
        }

    def settle(self, hypotheses: list[Answer]) -> None:
        """Accept those that stand alone; what is withheld stays a rival of everything later."""
        hypotheses = [each for each in hypotheses if not _was_taken_apart(each)]
        for each in hypotheses:
            each.against = each.doubt() or each.against
        touched: dict[tuple[str, int], int] = defaultdict(int)
        for each in hypotheses:
            for part in _parts(each):
                touched[part] += 1
        for each in sorted(hypotheses, key=lambda one: (one.risk, one.lines[0].id)):
            each.against = each.against or self._objection(each, touched)
            if each.against:
                self.refused.append(each)
                self.contested.update(_parts(each))
            else:
                self._accept(each)

    def _accept(self, answer: Answer) -> None:
        self.answers.append(answer)
        self.take_off([answer])

    def take_off(self, answers: Sequence[Answer]) -> None:
        """Take off what the answers touch; two may touch the same."""
        for answer in answers:
            for line in answer.lines:
                self.lines.pop(line.id, None)
            for unit in answer.units:
                self.units.pop(unit.id, None)
        if answers:
            self._forget()

    def copy(self) -> "Board":
        """Another one with the same open parts."""
        return Board(self.lines.values(), self.units.values(), self.facts, self.budget)

    def _objection(self, answer: Answer, touched: dict[tuple[str, int], int]) -> str:
        parts = _parts(answer)
        if any(touched[part] > 1 for part in parts):
            return "Others fit as well."
        if any(part in self.contested for part in parts):
            return "An earlier reading of a part of it was not ruled out."
        return "" if self.budget.allows(answer.risk) else "That it only seems to fit is too probable."


def is_within(line: Line, unit: Unit, wider: int = 0) -> bool:
    return unit.low - wider <= line.on <= unit.high + wider


def is_named_elsewhere(line: Line, unit: Unit) -> bool:
    """An intact reference on either side points at something else."""
    if line.is_taken or line.names:
        return unit.id not in line.names
    return bool(unit.named_by)


def _was_taken_apart(answer: Answer) -> bool:
    members = {member for unit in answer.units for member in unit.members}
    return any(line.apart & members for line in answer.lines)


def _parts(answer: Answer) -> list[tuple[str, int]]:
    return [("L", line.id) for line in answer.lines] + [("U", unit.id) for unit in answer.units]
