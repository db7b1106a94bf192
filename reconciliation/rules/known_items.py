"""What a hospital's items say of themselves, and how to find it in what a bank writes."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from reconciliation.rules.references import batch_keys_beside, keys_of, normalised, terminal_in

# Before the letters of a whole text, which stand in for a name: so a payer's lines are written.
WORDING = "~"
SHORTEST_NAME, MOST_WORDS = 6, 5
_LONGEST = 140
_NUMBERED = re.compile(r"\S*[0-9]\S*")
_NO_LETTER = re.compile(r"[^A-Za-z]+")
_WORD = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class KnownItems:
    """Numbers of payers, of what batches are numbered by, and names with the payer each stands for."""

    payers: frozenset[str]
    terminals: frozenset[str]
    called: frozenset[tuple[str, str]]
    names: frozenset[str]

    @classmethod
    def of(cls, parties: Iterable[tuple[str, str, str]]) -> "KnownItems":
        """From who pays, by what name, and what its batches are numbered by (batches_of)."""
        payers, terminals, called = set(), set(), set()
        for payer, name, numbered_by in parties:
            payers.add(payer)
            terminals.add(numbered_by)
            called |= {(name, payer or name), (payer, payer)}
        names = {(comparable_name(name), payer) for name, payer in called}
        names = {(name, payer) for name, payer in names if len(name) >= SHORTEST_NAME}
        return cls(
            frozenset(map(normalised, payers)) - {""},
            frozenset(map(normalised, terminals)) - {""},
            frozenset(names),
            frozenset(name for name, _payer in names),
        )

    def keys_of_line(self, references: tuple[str, ...], text: str, name: str) -> list[str]:
        """A line's keys, with the batches that short numbers beside its terminals name.

        Of a counterparty's name only numbers that items bear.
        """
        return self.with_batches(keys_of(references, text), references, text, name)

    def with_batches(self, keys: list[str], references: Iterable[str], text: str, name: str) -> list[str]:
        """These keys of a line, and what is known of its numbers besides."""
        if any(letter.isdigit() for letter in name):
            numbers = self.payers | self.terminals
            keys = [*keys, *(key for key in keys_of([], name) if key in numbers and key not in keys)]
        terminals = sorted(self.terminals.intersection(keys))
        return [*keys, *batch_keys_beside(terminals, references, text)] if terminals else keys

    def who(self, name: str, text: str) -> str:
        """Whom a line is from: the name that the bank gives, or else whom the text names."""
        return comparable_name(name) or self.name_in(text)

    def name_in(self, text: str) -> str:
        """Whom a text names: the one known name in it, or else how it is written, without its numbers."""
        said = [comparable_name(word) for word in _WORD.findall(_NUMBERED.sub(" ", text))]
        runs = ("".join(said[at : at + most]) for at in range(len(said)) for most in range(1, MOST_WORDS + 1))
        named = self.names.intersection(runs)
        longest = max(named, key=len, default="")
        if longest and all(name in longest for name in named):
            return longest
        return WORDING + "".join(said)[:_LONGEST] if said else ""


def keys_of_item(references: tuple[str, ...], text: str, *, terminal: str, merchant: str) -> list[str]:
    """An item's keys. merchant: who numbers its batch where no terminal is said; "" without a batch."""
    keys = keys_of(references, text)
    named = normalised(batches_of(text, terminal=terminal, merchant=merchant))
    if not named:
        return keys
    # A terminal that its text names is where it was paid, and names nothing.
    own = [key for key in keys if key != named] if terminal_in(text) else keys
    return list(dict.fromkeys([*own, *batch_keys_beside([named], references, text)]))


def batches_of(text: str, *, terminal: str, merchant: str) -> str:
    """What the item's batch is numbered by: its terminal, as told or in its text, or else its merchant."""
    return terminal or terminal_in(text) or merchant


def comparable_name(name: str) -> str:
    """A counterparty's name as the engine compares it: capital letters only, without accents.

    commands/sql/give.sql makes the same of it.
    """
    if not name.isascii():
        name = unicodedata.normalize("NFKD", name)
    return _NO_LETTER.sub("", name).upper()
