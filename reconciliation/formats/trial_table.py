"""The tables of a trial: a bank's past lines and a hospital's expectations as CSV, tolerant and exact.

Columns may stand in any order and go by the names below; only those marked are needed. What cannot be
read is refused with its line and column: nothing is guessed.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

from hms_ach.refusal import FileRejected
from hms_ach.sheets import is_formula

csv.field_size_limit(1_000_000)
# Sums of a million amounts still fit into the database's integers.
_INTEGER = re.compile(r"[+-]?0*[0-9]{1,12}")
_NOT_TEXT = "is not text in UTF-8; save it as CSV (UTF-8)"
_SPLIT = re.compile(r"[;|\n]")
# Ids of which no spreadsheet computes anything: numbers with a sign, words after an @.
_PLAIN = re.compile(r"([+-][0-9]+|@[^\W\d_]+)(;([+-][0-9]+|@[^\W\d_]+))*")


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    names      how files call it, the documented name first; two of them in one file are refused
    is_needed  a file without it is refused
    lesser     columns that stand in for it where none of `names` is there
    glue       what joins the cells where a file has several of `names`; without it two are refused
    """

    names: tuple[str, ...]
    read: Callable[[str], Any]
    is_needed: bool = False
    lesser: tuple[str, ...] = ()
    glue: str = ""


def _text(said: str) -> str:
    if "\0" in said:
        raise ValueError("contains a character that no text has (NUL)")
    return said.strip()


def _currency(said: str) -> str:
    return _text(said).upper()


def _identity(said: str) -> str:
    text = _text(said)
    if not text:
        raise ValueError("is empty")
    if ";" in text:
        raise ValueError(f"{text!r} contains a semicolon, which separates ids in the result")
    return text


def _whole(said: str) -> int:
    text = said.strip()
    if not _INTEGER.fullmatch(text):
        raise ValueError(f"{text!r} is not a whole number of minor units such as 12500, of at most 12 digits")
    return int(text)


def _whole_or_zero(said: str) -> int:
    return _whole(said) if said.strip() else 0


def _day(said: str) -> date:
    text = said.strip()
    try:
        return date.fromisoformat(text[:10] if len(text) > 10 and text[10] in "T " else text)
    except ValueError:
        raise ValueError(f"{text!r} is not a date such as 2026-03-12") from None


def _day_or_none(said: str) -> date | None:
    return _day(said) if said.strip() else None


def _many(said: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in _SPLIT.split(_text(said)) if part.strip())


_SHARED = (
    Column(("account", "account_id", "bank_account"), _text, lesser=("account_number", "account_code")),
    Column(("kind", "type"), _text, lesser=("code", "family", "category", "transaction_type", "bai_code")),
    Column(("amount_minor", "amount"), _whole, is_needed=True, lesser=("amount_minor_units", "amount_cents")),
    Column(("currency", "ccy"), _currency, lesser=("currency_code",)),
    Column(("counterparty", "counterparty_name", "name"), _text, lesser=("originator", "party", "payee")),
    Column(("references", "reference", "refs", "ref", "trace", "trace_number"), _many, glue=";"),
    Column(
        ("description", "text", "remittance_information", "narrative", "memo", "details", "addenda"),
        _text,
        glue=" ",
    ),
)
LINE_COLUMNS = (
    Column(("line_id", "id"), _identity, is_needed=True, lesser=("bank_line_id", "transaction_id")),
    Column(
        ("booked_on", "booking_date", "date", "booked", "posted_on"),
        _day,
        is_needed=True,
        lesser=("posting_date", "post_date", "transaction_date", "value_on", "value_date"),
    ),
    Column(("bank_reference", "bank_ref", "entry_reference"), _text),
    *_SHARED,
)
ITEM_COLUMNS = (
    Column(("item_id", "expectation_id", "expected_id", "id"), _identity, is_needed=True),
    Column(
        ("expected_on", "expected_date", "date", "due_on"),
        _day,
        is_needed=True,
        lesser=("business_on", "business_date", "due_date", "deposit_date", "effective_date"),
    ),
    Column(("earliest_on", "earliest_date", "window_from"), _day_or_none, lesser=("window_start",)),
    Column(("latest_on", "latest_date", "window_to"), _day_or_none, lesser=("window_end",)),
    Column(("fee_minor", "fee"), _whole_or_zero, lesser=("expected_fee_minor", "fees_minor", "fee_cents")),
    Column(("payer", "payer_id"), _text, lesser=("payer_name", "merchant_id", "merchant", "mid")),
    Column(("terminal", "terminal_id", "tid"), _text, lesser=("terminal_number",)),
    Column(
        ("batch", "batch_id", "batch_number"), _text, lesser=("bag", "bag_number", "deposit", "deposit_id")
    ),
    *_SHARED,
)


def read_table(source: Iterable[str], columns: tuple[Column, ...], *, name: str) -> Iterator[tuple]:
    """The rows as tuples in the order of `columns`, with the row's line number first.

    name  what the table is called in refusals

    Raises FileRejected with line and column: no header, a needed column missing, a column or one of the
    same meaning given twice, a cell that cannot be read, a row of another length, an id that came before.
    """
    rows = iter(source)
    try:
        first = next(rows, "")
        reader = csv.reader(chain([first] if first else [], rows), strict=True, delimiter=_delimiter(first))
    except UnicodeDecodeError:
        raise FileRejected(1, f"the table of {name} {_NOT_TEXT}") from None
    try:
        header = next(reader, None)
        if not header:
            raise FileRejected(1, f"the table of {name} is empty; it needs a row of column names")
        places = _places(header, columns, name)
        yield from _rows(reader, places, columns, len(header), name)
    except csv.Error as problem:
        raise FileRejected(reader.line_num, f"the table of {name} is not CSV: {problem}") from None
    except UnicodeDecodeError:
        raise FileRejected(reader.line_num + 1, f"the table of {name} {_NOT_TEXT}") from None


def _delimiter(header: str) -> str:
    """Spreadsheets of many countries part cells by semicolons; some programs by tabs."""
    return "," if "," in header else next((mark for mark in ";\t" if mark in header), ",")


def _places(header: list[str], columns: tuple[Column, ...], name: str) -> list[tuple[int, ...]]:
    """Where each column stands: nowhere, at one place, or at several that are joined."""
    said = [each.strip().lower().lstrip("\ufeff").replace(" ", "_").replace("-", "_") for each in header]
    places: list[tuple[int, ...]] = []
    for column in columns:
        found = [place for place, each in enumerate(said) if each in column.names]
        found = found or [said.index(each) for each in column.lesser if each in said][:1]
        called = [said[place] for place in found]
        if not found and column.is_needed:
            raise FileRejected(1, f"the table of {name} has no column {column.names[0]!r}")
        if len(set(called)) < len(called):
            raise FileRejected(1, f"column {called[0]!r} of {name} is there twice")
        if len(called) > 1 and not column.glue:
            both = " and ".join(map(repr, called))
            raise FileRejected(1, f"columns {both} of {name} mean the same; keep one of them")
        places.append(tuple(found))
    return places


def _rows(
    reader, places: list[tuple[int, ...]], columns: tuple[Column, ...], width: int, name: str
) -> Iterator[tuple]:
    seen: set[str] = set()
    readers = [column.read for column in columns]
    empty = [None if column.is_needed else column.read("") for column in columns]
    glues = [column.glue for column in columns]
    paired = list(zip(places, readers, empty, glues, strict=True))
    for row in reader:
        if not any(row):
            continue
        if len(row) != width:
            raise FileRejected(reader.line_num, f"{name} has {len(row)} cells where the header has {width}")
        try:
            values = [
                read(row[place[0]] if len(place) == 1 else glue.join(row[each] for each in place))
                if place
                else blank
                for place, read, blank, glue in paired
            ]
        except ValueError:
            raise _refusal(reader.line_num, row, places, columns, name) from None
        number: Any = values[0]
        if number in seen:
            raise FileRejected(reader.line_num, f"{columns[0].names[0]} {number!r} of {name} came before")
        seen.add(number)
        yield (reader.line_num, *values)


def _refusal(
    line: int, row: list[str], places: list[tuple[int, ...]], columns: tuple[Column, ...], name: str
) -> FileRejected:
    for place, column in zip(places, columns, strict=True):
        if place:
            try:
                column.read(column.glue.join(row[each] for each in place))
            except ValueError as problem:
                return FileRejected(line, f"column {column.names[0]} of {name} {problem}")
    raise AssertionError("a row was refused for no cell")


def guarded(cell: str) -> str:
    """A cell of a result, with an apostrophe before what a spreadsheet would compute.

    `unguarded` takes it away. A number with a sign (-5, +1) and a word after an @ stay as they are.
    """
    return f"'{cell}" if is_formula(cell) and not _PLAIN.fullmatch(cell) else cell


def unguarded(cell: str) -> str:
    """The cell as it was before it was `guarded`; an apostrophe of its own stays."""
    return cell[1:] if cell.startswith("'") and guarded(cell[1:]) == cell else cell
