"""What stands in a cell of a general ledger's own table: text with placeholders, each known by its name."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from ledger.formats.layouts import SETTINGS

_PLACEHOLDER = re.compile(r"\{([a-z_]+)(?: ([^{}]+))?\}")
_BATCH = frozenset("id number legal_entity facility business_on run functional_currency built_on".split())
# Of a line as a whole; {segment …} is a part of its code.
LINE = _BATCH | frozenset(
    "line effective_on category account account_name department payer_class tender currency debit credit "
    "functional_debit functional_credit postings segment name".split()
)
# Of one side of a line: amounts without a sign, and with one where a debit is positive.
SIDE = frozenset("side amount functional signed functional_signed".split())
# Control totals, in the functional currency; how many rows there were is known after them.
TOTALS = _BATCH | frozenset("entries lines rows functional_debit functional_credit name".split())
ROW_ONLY = frozenset({"rows"})
FIGURES = frozenset(
    "debit credit functional_debit functional_credit amount functional signed functional_signed".split()
)
_COUNTS = frozenset({"line", "postings", "entries", "lines", "rows", "run"})
DATES = frozenset({"business_on", "effective_on", "built_on"})
# Half of one is another one.
_CODES = frozenset("segment account name currency functional_currency id number".split())
_MOST_LETTERS = 500


class ValueWrong(ValueError):
    """What is wrong with a value, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class Value:
    """A text whose placeholders are all among the known ones. Raises ValueWrong."""

    text: str
    known: frozenset[str]
    used: tuple[tuple[str, str], ...] = field(init=False)

    def __post_init__(self) -> None:
        used = tuple((found[1], found[2] or "") for found in _PLACEHOLDER.finditer(self.text))
        object.__setattr__(self, "used", used)
        if len(self.text) > _MOST_LETTERS:
            raise ValueWrong(f"more than {_MOST_LETTERS} letters")
        if set(_PLACEHOLDER.sub("", self.text)) & set("{}"):
            raise ValueWrong("a brace that is part of no placeholder")
        for name, argument in used:
            self._refuse(name, argument)

    def _refuse(self, name: str, argument: str) -> None:
        if name not in self.known:
            raise ValueWrong(f"{{{name}}}, which is unknown there; known are {', '.join(sorted(self.known))}")
        if (name in ("segment", "name")) != bool(argument):
            word = "needs" if name in ("segment", "name") else "takes no"
            raise ValueWrong(f"{{{name}}}, which {word} a word after it")
        if name == "name" and argument not in SETTINGS:
            raise ValueWrong(f"the name {argument}; names in layouts are {', '.join(SETTINGS)}")

    @property
    def is_exact(self) -> bool:
        """Whether an amount, a count, a day or a code stands in it, which is never cut."""
        return any(name in FIGURES | _COUNTS | DATES | _CODES for name, _argument in self.used)

    def filled(self, said: Mapping[str, str], look_up: Callable[[str, str], str]) -> str:
        """The text with everything in its place; look_up gives segments and names."""

        def value(found: re.Match[str]) -> str:
            return look_up(found[1], found[2]) if found[2] else said[found[1]]

        return _PLACEHOLDER.sub(value, self.text)
