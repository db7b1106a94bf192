"""What the search per account works on: lines, units, answers, and the facts that references taught."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from reconciliation.rules.chance import SAFETY, Amounts, sum_share
from reconciliation.rules.known_items import WORDING, comparable_name
from reconciliation.rules.near import LONG_NUMBER
from reconciliation.rules.references import normalised
from reconciliation.rules.tolerance import Tolerance


@dataclass(slots=True, eq=False)
class Line:
    """A bank line that is left. on: days since 2000-01-01.

    repeats    the line it repeats, 0 for none
    payers     payers' numbers among its keys; terminals: likewise
    names      units that its references name, whatever their amount
    is_taken   its references name something that is settled already
    apart      items that a person took apart from it
    brands     card brands that it names
    """

    id: int
    kind: str
    on: int
    amount: int
    who: str
    keys: tuple[str, ...]
    repeats: int = 0
    payers: frozenset[str] = frozenset()
    terminals: frozenset[str] = frozenset()
    names: tuple[int, ...] = ()
    is_taken: bool = False
    apart: frozenset[int] = frozenset()
    brands: frozenset[str] = frozenset()


@dataclass(slots=True, eq=False)
class Unit:
    """What the bank would show as one sum. first, last: the days of its items; low, high: its window.

    parts  the amounts of its items, where it has several
    """

    id: int
    kind: str
    amount: int
    fee: int
    first: int
    last: int
    low: int
    high: int
    payer: str
    payer_key: str
    terminal_key: str
    keys: tuple[str, ...]
    members: tuple[int, ...]
    named_by: tuple[int, ...] = ()
    parts: tuple[int, ...] = ()
    brands: frozenset[str] = frozenset()

    @property
    def shown(self) -> tuple[int, ...]:
        return (self.amount, self.amount - self.fee) if self.fee else (self.amount,)


@dataclass(slots=True, eq=False)
class Answer:
    """Lines and units that would belong together, why, and how probable it is that they only seem to.

    doubt  says what else speaks against it; asked when it is to be accepted, because it takes long
    """

    pass_name: str
    score: int
    lines: tuple[Line, ...]
    units: tuple[Unit, ...]
    reasons: list[str]
    risk: float = 0.0
    fee: int = 0
    difference: int = 0
    role: str = ""
    against: str = ""
    doubt: Callable[[], str] = str
    considered: list = field(default_factory=list)


_UNKNOWN = Amounts([])
# A payer that known names have called so often is not called by another one for once.
OFTEN = 20
# So many last digits of a number may be the same each time, and count for nothing.
TAIL = 4
# So many letters of what a line says tell who pays, whatever follows.
BEGINNING = 16
# So many lines with a payer's number say that the payer's lines bear it.
NUMBERED = 8
# A payer's names are told by their words, each by so many of its letters; not by the words of the trade.
_WORD = re.compile(r"[A-Z]{4,}")
ENOUGH_OF_A_NAME = 6
_TRADE = frozenset("ASSURANCE BENEFIT CARE COMPANY GROUP HEALTH INSURANCE LIFE MEDICAL NATIONAL PLAN".split())


@dataclass(slots=True)
class Facts:
    """What the reference passes taught.

    kinds   line kind to the unit kinds that go with it
    known   unit kinds whose lines references have told often enough; of others nothing is known
    payers  a counterparty as the bank writes it, to the one payer it stands for
    amounts unit kind to its amounts
    called  payer to how many lines called it by names that stand for it alone
    numbered  a payer's or terminal's number to how many lines bear it
    names   payer to the names that stand for it alone
    wordings  how many lines without a name are written alike: such words are nobody's name
    shared_words  how words begin that names of several payers have: one that has others is told by these
    others  how what lines say begins, to who pays often and never by lines that begin so
    tails   last digits of numberings that count before them
    ways    a party's number to how earlier runs found it to pay (lessons.Lessons)
    counted  open lines that earlier runs have counted for these ways
    named   kinds of lines, and payers, whose lines name what they pay by a reference nearly always
    absent  line kind to the share of its lines that have no partner
    absent_known  the same of all lines whose party is known
    """

    kinds: dict[str, frozenset[str]]
    payers: dict[str, str]
    amounts: dict[str, Amounts]
    absent: dict[str, float]
    absent_unit: float = 0.05
    absent_known: float = 1.0
    tolerances: tuple[Tolerance, ...] = ()
    known: frozenset[str] = frozenset()
    called: dict[str, int] = field(default_factory=dict)
    numbered: dict[str, int] = field(default_factory=dict)
    named: frozenset[str] = frozenset()
    wordings: frozenset[str] = frozenset()
    shared_words: frozenset[str] = frozenset()
    others: dict[str, frozenset[str]] = field(default_factory=dict)
    tails: frozenset[str] = frozenset()
    ways: Mapping[str, Counter[str]] = field(default_factory=dict)
    counted: frozenset[int] = frozenset()
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def is_kind_of(self, line: Line, kind: str) -> bool:
        """Whether a unit of the kind may be what such a line shows."""
        return kind not in self._other_kinds(line)

    def _other_kinds(self, line: Line) -> frozenset[str]:
        """The known kinds that go with other kinds of lines alone."""
        kinds = self.kinds.get(line.kind)
        return frozenset() if kinds is None else self.known - kinds

    def fits(self, line: Line, unit: Unit) -> bool:
        """No contradiction of kind, sign, card brand, payer or terminal."""
        return bool(self.fitting(line, (unit,)))

    def fitting(self, line: Line, units: Iterable[Unit]) -> list[Unit]:
        """The units that the line does not contradict. Many at once, because millions are asked."""
        is_debit, others, payer = line.amount < 0, self._other_kinds(line), self.payers.get(line.who)
        return [
            unit
            for unit in units
            if (unit.amount < 0) is is_debit
            and unit.kind not in others
            and not (payer and unit.payer and unit.payer != payer)
            and not (line.brands and unit.brands and line.brands.isdisjoint(unit.brands))
            and not (line.payers and unit.payer_key and unit.payer_key not in line.payers)
            and not (line.terminals and unit.terminal_key and unit.terminal_key not in line.terminals)
        ]

    def knows_party(self, line: Line, unit: Unit) -> bool:
        """The line says who pays, and the unit is theirs."""
        if unit.payer and self.payers.get(line.who) == unit.payer:
            return True
        return unit.payer_key in line.payers or unit.terminal_key in line.terminals

    def is_stranger(self, line: Line, unit: Unit) -> bool:
        """The line says another's name, or a name nobody knows, and the unit's payer is called otherwise."""
        if unit.payer in self.others.get(line.who[:BEGINNING], ()):
            return True
        if line.who == "" or line.who in self.payers or line.who in self.wordings:
            return False
        is_name = not line.who.startswith(WORDING)
        is_called = is_name and self.called.get(unit.payer, 0) >= OFTEN
        own = words_of(unit.payer, self.names.get(unit.payer, ()))
        words = own - self.shared_words or own
        return is_called or (bool(words) and not any(word in line.who for word in words))

    def untailed(self, keys: tuple[str, ...]) -> tuple[str, ...]:
        """The keys, of numbers only what counts on."""
        return tuple(
            key[:-TAIL] if key[-TAIL:] in self.tails and len(key) >= LONG_NUMBER and key.isdecimal() else key
            for key in keys
        )

    def is_always_named(self, line: Line) -> bool:
        """Such a line, or one of its payer, names what it pays: by amount alone it pays nothing."""
        return line.kind in self.named or self.payers.get(line.who, "") in self.named

    def is_always_numbered(self, unit: Unit) -> bool:
        """Lines name its payer or terminal by number: so many that its own would."""
        return any(
            self.numbered.get(key, 0) >= NUMBERED for key in (unit.payer_key, unit.terminal_key) if key
        )

    def sum_chance(self, line: Line, amount_minor: int | None = None) -> float:
        """The expected number of coincidences of one sum of several units or lines."""
        share = sum_share(amount_minor or line.amount) if self.amounts else 1.0
        return SAFETY * self.absent.get(line.kind, 0.1) * share

    def chance(self, line: Line, pool: dict[str, int], *, is_party: bool) -> float:
        """The expected number of coincidences with so many units of each kind, if none is the line's."""
        met = sum(
            count * self.amounts.get(kind, _UNKNOWN).share(line.amount)
            for kind, count in pool.items()
            if count
        )
        absent = self.absent.get(line.kind, 0.1)
        return SAFETY * (min(absent, self.absent_known) if is_party else absent) * self.absent_unit * met


@lru_cache(maxsize=65_536)
def key_of(number: str) -> str:
    """A payer's or terminal's number as a line's key would have it: without a label before it."""
    return normalised(number) or number


def words_of(payer: str, names: Iterable[str]) -> frozenset[str]:
    """How the words begin that tell a payer: of itself where it is a name, or else of its names.

    Words of the trade alone tell one only as its whole name.
    """
    words = _WORD.findall(payer.upper())
    told = frozenset(word[:ENOUGH_OF_A_NAME] for word in words or names if word not in _TRADE)
    return told or frozenset({comparable_name(payer)} if words else ())


def date_told(days: int) -> str:
    """How far the bank's day is from the one expected, for people; negative is before it."""
    if not days:
        return "date as expected"
    return f"the bank {abs(days)} day{'s' if abs(days) > 1 else ''} {'later' if days > 0 else 'earlier'}"
