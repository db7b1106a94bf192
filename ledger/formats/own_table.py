"""A general ledger's own table, said in columns and not in code: TOML that names what stands in each.

    separator = ","         # , ; | tab, or fixed, where each column says its width
    heading = true          # a first row with the columns' names; false when omitted
    rows = "sides"          # a debit and a credit of a line are two rows; "lines": one row for each line
    decimal = "."           # or ,
    dates = "YYYY-MM-DD"    # YYYY, YY, MM and DD in any order, with anything between them
    side = ["D", "C"]       # what {side} says of a debit and of a credit
    first = [["H", "{number}"]]                     # rows before the others
    last = [["T", "{rows}", "{functional_debit}"]]  # rows after them, with the control totals

    [[column]]
    name = "Account"
    value = "{segment Account}"
    width = 10              # fixed only; align = "right" where the value stands at its end

Nothing of it runs: a value is text with placeholders, so that no process of its own is needed. In a fixed
table a cell of first and last may be ["{number}", 20] or ["{rows}", 9, "right"]. A figure, a day or
a code (account, part of the code, currency, name, number) that its column has no room for is refused, never
cut; other text is cut.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ledger.formats.own_value import LINE, ROW_ONLY, SIDE, TOTALS, Value, ValueWrong

SEPARATORS = {",": ",", ";": ";", "|": "|", "tab": "\t", "fixed": ""}
_TOP = {"separator", "heading", "rows", "decimal", "dates", "side", "first", "last", "column"}
_MOST_COLUMNS, _MOST_WIDTH = 200, 1000
# TOML is read in a time that grows with the square of a key's length.
_MOST_LETTERS = 20_000


class TableWrong(ValueError):
    """What is wrong with a table, or why it cannot hold a batch, as the end of a sentence."""


@dataclass(frozen=True, slots=True)
class OwnColumn:
    """width is 0 where the value is as long as it is."""

    name: str
    value: Value
    width: int = 0
    is_right: bool = False


@dataclass(frozen=True, slots=True)
class OwnTable:
    """first and last are rows of values outside the columns."""

    columns: tuple[OwnColumn, ...]
    separator: str = ","
    has_heading: bool = False
    has_sides: bool = True
    decimal: str = "."
    dates: str = "YYYY-MM-DD"
    side: tuple[str, str] = ("D", "C")
    first: tuple[tuple[OwnColumn, ...], ...] = ()
    last: tuple[tuple[OwnColumn, ...], ...] = ()

    @property
    def cells(self) -> list[OwnColumn]:
        """Every column, and every cell of the rows before and after."""
        return [each for row in (self.columns, *self.first, *self.last) for each in row]


def read_table(source: str) -> OwnTable:
    """The table that a text says. Raises TableWrong, saying where it goes wrong."""
    if len(source) > _MOST_LETTERS:
        raise TableWrong(f"has more than {_MOST_LETTERS:,} letters")
    try:
        said = tomllib.loads(source)
    except tomllib.TOMLDecodeError as error:
        raise TableWrong(f"is no TOML: {error}") from None
    except RecursionError:
        raise TableWrong("is no TOML: its brackets stand too deep in each other") from None
    _refuse_unknown(said, _TOP, "it")
    separator = _one_of(said, "separator", ",", SEPARATORS)
    rows = _one_of(said, "rows", "sides", ("sides", "lines"))
    known = LINE | (SIDE if rows == "sides" else frozenset())
    columns = said.get("column", [])
    if not isinstance(columns, list) or not 0 < len(columns) <= _MOST_COLUMNS:
        raise TableWrong(f"has no [[column]], or more than {_MOST_COLUMNS}")
    return OwnTable(
        columns=tuple(
            _column(number, each, separator, known) for number, each in enumerate(columns, start=1)
        ),
        separator=separator,
        has_heading=_is_true(said, "heading"),
        has_sides=rows == "sides",
        decimal=_one_of(said, "decimal", ".", (".", ",")),
        dates=_dates(said.get("dates", "YYYY-MM-DD")),
        side=_words(said.get("side", ["D", "C"])),
        first=_rows(said, "first", TOTALS - ROW_ONLY),
        last=_rows(said, "last", TOTALS),
    )


def _column(number: int, said: Any, separator: str, known: frozenset[str]) -> OwnColumn:
    where = f"column {number}"
    if not isinstance(said, dict):
        raise TableWrong(f"has a {where} that is no table of name and value")
    _refuse_unknown(said, {"name", "value", "width", "align"}, where)
    name, width = said.get("name", ""), said.get("width", 0)
    if not isinstance(name, str) or not isinstance(said.get("value"), str):
        raise TableWrong(f"lacks the name or the value of {where}, each a text in quotes")
    if (separator == "fixed") != bool(width):
        word = "lacks the width of" if separator == "fixed" else "has no fixed columns, but a width in"
        raise TableWrong(f"{word} {where} ({name})")
    if not isinstance(width, int) or not 0 <= width <= _MOST_WIDTH:
        raise TableWrong(f"has a width in {where} ({name}) that is not 1 to {_MOST_WIDTH}")
    align = _one_of(said, "align", "left", ("left", "right"), where)
    return OwnColumn(name, _value(said["value"], known, f"{where} ({name})"), width, align == "right")


def _rows(said: Mapping[str, Any], name: str, known: frozenset[str]) -> tuple[tuple[OwnColumn, ...], ...]:
    rows = said.get(name, [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise TableWrong(f'has rows in {name} that are no lists, such as [["H", "{{number}}"]]')
    return tuple(tuple(_cell(cell, known, name) for cell in row) for row in rows)


def _cell(said: Any, known: frozenset[str], where: str) -> OwnColumn:
    """A text, or a text with its width and perhaps "right"."""
    parts = [*said, *(0, "left")[len(said) - 1 :]] if isinstance(said, list) else [said, 0, "left"]
    text, width, align = parts if len(parts) == 3 else ("", -1, "")
    is_cell = isinstance(text, str) and isinstance(width, int) and align in ("left", "right")
    if not is_cell or not 0 <= width <= _MOST_WIDTH:
        raise TableWrong(f'has a cell in {where} that is no text and not such as ["{{number}}", 20, "right"]')
    return OwnColumn(where, _value(text, known, where), width, align == "right")


def _value(text: str, known: frozenset[str], where: str) -> Value:
    try:
        return Value(text, known)
    except ValueWrong as wrong:
        raise TableWrong(f"says in {where} {wrong}") from None


def _refuse_unknown(said: Mapping[str, Any], known: set[str], where: str) -> None:
    if unknown := sorted(set(said) - known):
        raise TableWrong(f"has {unknown[0]!r} in {where}; known are {', '.join(sorted(known))}")


def _one_of(said: Mapping[str, Any], name: str, otherwise: str, known: Any, where: str = "it") -> str:
    value = said.get(name, otherwise)
    if value not in list(known):
        raise TableWrong(f"has {name} = {value!r} in {where}; it is one of {' '.join(known)}")
    return value


def _is_true(said: Mapping[str, Any], name: str) -> bool:
    value = said.get(name, False)
    if not isinstance(value, bool):
        raise TableWrong(f"has a {name} that is neither true nor false")
    return value


def _dates(pattern: Any) -> str:
    is_whole = isinstance(pattern, str) and all(part in pattern for part in ("YY", "MM", "DD"))
    if not is_whole or len(pattern) > 20:
        raise TableWrong("has dates without YYYY (or YY), MM and DD")
    return pattern


def _words(words: Any) -> tuple[str, str]:
    is_pair = isinstance(words, list) and len(words) == 2 and all(isinstance(each, str) for each in words)
    if not is_pair or words[0] == words[1]:
        raise TableWrong('has a side that is no pair of different words, such as ["D", "C"]')
    return words[0], words[1]
