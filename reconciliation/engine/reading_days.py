"""The reading by habit: a merchant that is used to pay whole days pays this one so, too."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import chain

from reconciliation.engine.board import EPSILON, LARGE_CROWD, Board
from reconciliation.engine.parts import Answer, Line, Unit, date_told
from reconciliation.rules.chance import SAFETY, sum_share

LUMP_DAYS = 5
# So many lines of a merchant tell its habit; at least this share of all its lines must be as it says.
ENOUGH, USUAL = 8, 0.4
# In what runs keep of a party's ways: all of its lines.
ALL = ""
NO_PAST: Counter[str] = Counter()
# What one other line does, too, is no accident.
SEEN = 2
# A habit that chance would make up a fifth of is none.
BEYOND_CHANCE = 5

Party = tuple[str, str]
# Row in a row, and days from the last of them to the line.
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Row:
    """Units of some days in a row whose sum is the line's amount. span: how many days, and how far away."""

    units: tuple[Unit, ...]
    span: Span
    fee: int


@dataclass(frozen=True, slots=True)
class Read:
    """What a line may pay of its party's units.

    found   days that make it up; tested: the spans of all sums that were tried
    """

    line: Line
    found: list[Row]
    tested: list[Span]


@dataclass(frozen=True, slots=True)
class Habit:
    """How a party pays. share: of its lines that are as usual, of one of the spans.

    read  what each of these lines may pay; usual: what of it is as usual, by the line's id
    explained  how many lines are as usual, these and past ones
    made  by the line's id, the units that make it up in any way of paying
    """

    spans: frozenset[Span]
    share: float
    read: list[Read]
    usual: dict[int, list[Row]]
    explained: int
    made: dict[int, set[frozenset[int]]] = field(default_factory=dict)

    def is_usual(self, line: Line, unit: Unit) -> bool:
        """The unit is what the line would pay as usual, and nothing else makes it up."""
        usual = [days.units for days in self.usual.get(line.id, [])]
        return usual == [(unit,)] and self.made[line.id] == {frozenset([unit.id])}


# What a line may pay of units by their days, in one way of paying.
Way = Callable[[Line, dict[int, list[Unit]]], Read]


def habits(board: Board) -> list[Answer]:
    """What a party pays as it is used to: whole days, or each batch by itself, at a usual distance.

    What is not certain enough is left to the readings behind.
    """
    board.habits, board.ways = {}, defaultdict(list)
    lines_of = defaultdict(list)
    for line in board.lines.values():
        for party in parties_of(board, line) if line.amount > 0 else ():
            if party[0] != "name":
                lines_of[party].append(line)
    found = []
    for party, lines in lines_of.items():
        ways = _ways_of([(line, days_of(board, line, party)) for line in lines])
        for line in lines:
            board.ways[line.id].append((party[1], ALL, frozenset()))
        for way, read in ways.items():
            for each in read:
                board.ways[each.line.id] += [
                    (party[1], way_told(way, row.span), frozenset(unit.id for unit in row.units))
                    for row in each.found
                ]
        past = _past_of(board, lines, party)
        if len(lines) + past[ALL] >= ENOUGH:
            habit = _habit_of(ways, past)
            if habit is not None:
                board.habits[party] = habit
                usual = [answer for each in habit.read if (answer := _usual(each, habit))]
                found += [each for each in usual if not _may_be_of_another(board, each.lines[0], party)]
    return found


def _past_of(board: Board, lines: list[Line], party: Party) -> Counter[str]:
    """How earlier runs found the party to pay; of its lines, those that are not among these."""
    past = Counter(board.facts.ways.get(party[1], NO_PAST))
    past[ALL] = max(past[ALL] - sum(line.id in board.facts.counted for line in lines), 0)
    return past


def _may_be_of_another(board: Board, line: Line, party: Party) -> bool:
    """The line names somebody else too, and what is theirs makes it up."""
    return bool(made_up(board, line, [each for each in parties_of(board, line) if each != party]))


def ways_of(board: Board, answer: Answer) -> list[tuple[str, str]]:
    """The parties of the answer's line, each with the ways of paying that the answer is one of."""
    if len(answer.lines) != 1 or not answer.units:
        return []
    units = frozenset(unit.id for unit in answer.units)
    return [(party, way) for party, way, made in board.ways.get(answer.lines[0].id, ()) if made == units]


def _ways_of(lines: list[tuple[Line, dict[int, list[Unit]]]]) -> dict[str, list[Read]]:
    """What each line may pay, by the way of paying. Several lines of a day pay no whole day."""
    of_day = Counter((line.on, line.brands) for line, _by_day in lines)
    return {
        way: [
            read(line, by_day)
            for line, by_day in lines
            if read is not whole_days or of_day[line.on, line.brands] == 1
        ]
        for way, read in WAYS.items()
    }


def _habit_of(ways: dict[str, list[Read]], past: Counter[str]) -> Habit | None:
    """The way of paying that explains most of a party's lines, these and the past ones."""
    known = [habit for way, read in ways.items() if (habit := _habit(way, read, past))]
    if not known:
        return None
    made: dict[int, set[frozenset[int]]] = defaultdict(set)
    for each in chain(*ways.values()):
        made[each.line.id] |= {frozenset(unit.id for unit in row.units) for row in each.found}
    return replace(max(known, key=lambda each: each.explained), made=made)


def parties_of(board: Board, line: Line) -> list[Party]:
    """Whom a line names that names nothing else: terminals before merchants, a name where neither is."""
    if line.repeats or line.names or line.is_taken:
        return []
    numbers = [("terminal", each) for each in line.terminals] or [("payer", each) for each in line.payers]
    if not numbers and line.who in board.facts.payers:
        return [("name", board.facts.payers[line.who])]
    return numbers


def days_of(board: Board, line: Line, party: Party) -> dict[int, list[Unit]]:
    """A party's units that the line may pay, by their days; none where they are too many to tell apart."""
    by_day: dict[int, list[Unit]] = defaultdict(list)
    near = board.by_payer.between(party[1], line.on - 8, line.on + 1, LARGE_CROWD) or ()
    for unit in board.facts.fitting(line, near):
        if not unit.named_by:
            by_day[unit.last].append(unit)
    return by_day


def made_up(board: Board, line: Line, parties: list[Party]) -> set[frozenset[int]]:
    """What of these parties makes up the line, in any way of paying: the ids of its units."""
    return _made_up(board, line, parties, WAYS.values())


def is_made_up_by_days(board: Board, line: Line, parties: list[Party]) -> bool:
    """Several units of whole days of one of these parties make up the line."""
    return any(len(units) > 1 for units in _made_up(board, line, parties, (whole_days, days_of_a_brand)))


def _made_up(board: Board, line: Line, parties: list[Party], ways: Iterable[Way]) -> set[frozenset[int]]:
    by_days = [days_of(board, line, party) for party in parties]
    read = [way(line, each) for each in by_days for way in ways]
    return {frozenset(unit.id for unit in row.units) for each in read for row in each.found}


def whole_days(line: Line, by_day: dict[int, list[Unit]]) -> Read:
    """The days in a row whose sum, gross or less fees, is the line."""
    gross_of = {day: sum([unit.amount for unit in units]) for day, units in by_day.items()}
    fee_of = {day: sum([unit.fee for unit in units]) for day, units in by_day.items()}
    found: list[Row] = []
    tested, order = [], sorted(by_day)
    for start, first in enumerate(order):
        gross = fee = 0
        days = order[start : start + LUMP_DAYS]
        for count, day in enumerate(days, start=1):
            gross, fee = gross + gross_of[day], fee + fee_of[day]
            span = (day - first + 1, line.on - day)
            tested.append(span)
            if line.amount in (gross, gross - fee):
                units = tuple(unit for each in days[:count] for unit in by_day[each])
                found.append(Row(units, span, gross - line.amount))
    return Read(line, found, tested)


def days_of_a_brand(line: Line, by_day: dict[int, list[Unit]]) -> Read:
    """The days in a row of which one card brand's sum is the line: some processors pay brand by brand."""
    found: list[Row] = []
    tested: list[Span] = []
    known = {unit.brands for units in by_day.values() for unit in units}
    for brands in sorted(known, key=sorted) if len(known) > 1 else ():
        of_brand = {day: [unit for unit in units if unit.brands == brands] for day, units in by_day.items()}
        read = whole_days(line, {day: units for day, units in of_brand.items() if units})
        found += read.found
        tested += read.tested
    return Read(line, found, tested)


def single_units(line: Line, by_day: dict[int, list[Unit]]) -> Read:
    """The units that are the line by themselves, gross or less the fee."""
    units = [unit for row in by_day.values() for unit in row]
    found = [
        Row((unit,), (1, line.on - unit.last), unit.amount - line.amount)
        for unit in units
        if line.amount in unit.shown
    ]
    return Read(line, found, [(1, line.on - unit.last) for unit in units])


# The ways of paying, by the names that runs keep.
WAYS = {"days": whole_days, "brand": days_of_a_brand, "single": single_units}


def _habit(way: str, read: list[Read], past: Counter[str]) -> Habit | None:
    """The spans that most lines of a party are, if that is more than chance."""
    if not read:
        return None
    spans = Counter(each.found[0].span for each in read if len(each.found) == 1) + _spans_of(way, past)
    usual = frozenset(span for span, count in spans.items() if count >= SEEN)
    days = {each.line.id: [one for one in each.found if one.span in usual] for each in read}
    before = min(past[ALL], sum(past[way_told(way, span)] for span in usual))
    explained, lines = before + sum(bool(each) for each in days.values()), past[ALL] + len(read)
    # Chance made as much of each past line as it makes of these.
    by_chance = sum(sum_share(each.line.amount) * _sums_of(each, usual) for each in read) * lines / len(read)
    if explained < ENOUGH or explained < USUAL * lines or explained < BEYOND_CHANCE * by_chance:
        return None
    return Habit(usual, explained / (lines + 1), read, days, explained)


def way_told(way: str, span: Span) -> str:
    """A way of paying as runs keep it: its name, how many days in a row, how many days later."""
    return f"{way} {span[0]} {span[1]}"


def _spans_of(way: str, past: Counter[str]) -> Counter[Span]:
    told = ((said.split(), count) for said, count in past.items() if said.startswith(f"{way} "))
    return Counter({(int(days), int(later)): count for (_way, days, later), count in told})


def _sums_of(read: Read, spans: frozenset[Span]) -> int:
    return sum(span in spans for span in read.tested)


def _usual(read: Read, habit: Habit) -> Answer | None:
    tested = _sums_of(read, habit.spans)
    risk = SAFETY * (1 - habit.share) * tested * sum_share(read.line.amount)
    # What comes to the same at another distance may be paid late, or in another way for once.
    if len(habit.usual[read.line.id]) != 1 or len(habit.made[read.line.id]) != 1 or risk > EPSILON:
        return None
    (days,) = habit.usual[read.line.id]
    reasons = [
        f"{len(days.units)} batches of {days.span[0]} days in a row",
        f"paid by the same, {habit.share:.0%} of whose lines are as far from their days",
        f"their sum {'less the contracted fee ' if days.fee else ''}equals the amount",
        date_told(days.span[1]),
    ]
    considered = [["sums of days in a row", tested]]
    return Answer(
        "party_sum", 86, (read.line,), days.units, reasons, risk, fee=days.fee, considered=considered
    )
