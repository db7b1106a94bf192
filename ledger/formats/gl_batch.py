"""A GL batch as values, and as the house's own layouts: JSON, JSON Lines and CSV.

The same batch always gives the same bytes. Text is UTF-8; amounts are decimal strings with the
currency's digits; every layout ends with the control totals, so that a cut-off file is recognised.
Writers are generators: neither lines nor the entries of a line are ever held together.
"""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from typing import Any, NamedTuple

from hms_ach.sheets import safe_text

_CSV_COLUMNS = [
    "record",
    "batch",
    "line",
    "effective_on",
    "code",
    "category",
    "account",
    "account_name",
    "facility",
    "department",
    "payer_class",
    "tender",
    "currency",
    "debit",
    "credit",
    "functional_currency",
    "functional_debit",
    "functional_credit",
    "postings",
    "entries",
]
# How many entries are joined into one piece of a file.
_PIECE = 1000


@dataclass(frozen=True, slots=True)
class BatchHeader:
    """rebuilds and reverses are the numbers of the batches that this one sends again or takes back.

    settings are the general ledger's own constants, such as its ledger id; see layouts.SETTINGS.
    """

    id: str
    number: str
    legal_entity: str
    facility: str
    business_on: str
    run: int
    functional_currency: str
    built_at: str
    rebuilds: str = ""
    reverses: str = ""
    segment_names: tuple[str, ...] = ("Account",)
    account_index: int = 0
    settings: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        left_out = ("settings", "account_index")
        shown = {name: getattr(self, name) for name in self.__slots__ if name not in left_out}
        return shown | {"segment_names": list(self.segment_names)}


@dataclass(frozen=True, slots=True)
class BatchLine:
    """segments is the general ledger's code; entries are the public ids of the entries summed."""

    line: int
    effective_on: str
    category: str
    segments: tuple[str, ...]
    account: str
    account_name: str
    facility: str
    department: str
    payer_class: str
    tender: str
    currency: str
    debit: str
    credit: str
    functional_debit: str
    functional_credit: str
    postings: int
    entries: Iterable[str] = ()

    def as_json(self) -> dict[str, Any]:
        """Everything but the entries, which may be too many to hold."""
        shown = {name: getattr(self, name) for name in self.__slots__ if name != "entries"}
        return shown | {"segments": list(self.segments)}


@dataclass(frozen=True, slots=True)
class BatchTrailer:
    """Control totals, in the functional currency."""

    entries: int
    lines: int
    functional_debit: str
    functional_credit: str

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}


class Segments:
    """The parts of a general ledger's code by what the map calls them, however centre is spelled."""

    def __init__(self, header: BatchHeader) -> None:
        self._places = {plain_name(name): place for place, name in enumerate(header.segment_names)}

    def has(self, name: str) -> bool:
        return plain_name(name) in self._places

    def of(self, line: BatchLine, *names: str, otherwise: str = "") -> str:
        """The first part of the line's code with one of these names; otherwise where the map has none."""
        for name in names:
            if (place := self._places.get(plain_name(name))) is not None:
                return line.segments[place]
        return otherwise


def plain_name(name: str) -> str:
    """What a part of the code is called, without what people spell differently."""
    return name.strip().lower().replace("centre", "center")


class Side(NamedTuple):
    """One side of a batch line: general ledgers take a debit or a credit in a row, never both."""

    line: BatchLine
    is_debit: bool
    amount: str
    functional: str

    @property
    def signed(self) -> str:
        """The amount, negative for a credit; nothing has no sign."""
        return self._signed(self.amount)

    @property
    def functional_signed(self) -> str:
        return self._signed(self.functional)

    def _signed(self, amount: str) -> str:
        return amount if self.is_debit or not amount.strip("0.") else f"-{amount}"


def sides(lines: Iterable[BatchLine]) -> Iterator[Side]:
    """Each line's debit and its credit, where there is one; a difference of exchange is functional only."""
    for line in lines:
        if line.debit.strip("0.") or line.functional_debit.strip("0."):
            yield Side(line, True, line.debit, line.functional_debit)
        if line.credit.strip("0.") or line.functional_credit.strip("0."):
            yield Side(line, False, line.credit, line.functional_credit)


def journals_of(lines: Iterable[BatchLine]) -> Iterator[tuple[tuple[str, str], Iterator[BatchLine]]]:
    """(day, currency) and the lines of each, in order: general ledgers post them as one journal."""
    ordered = sorted(lines, key=lambda line: (*_journal(line), line.line))
    return groupby(ordered, key=_journal)


def _journal(line: BatchLine) -> tuple[str, str]:
    return line.effective_on, line.currency


def write_json(header: BatchHeader, lines: Iterable[BatchLine], trailer: BatchTrailer) -> Iterator[bytes]:
    """One object with batch, lines and trailer."""
    yield b'{"batch":' + _canonical(header.as_json()) + b',"lines":['
    for number, line in enumerate(lines):
        if number:
            yield b","
        yield from _with_entries(line.as_json(), line.entries)
    yield b'],"trailer":' + _canonical(trailer.as_json()) + b"}\n"


def write_jsonl(header: BatchHeader, lines: Iterable[BatchLine], trailer: BatchTrailer) -> Iterator[bytes]:
    """One object a line, each naming its record: batch first, then lines, then the trailer."""
    yield _canonical({"record": "batch"} | header.as_json()) + b"\n"
    for line in lines:
        yield from _with_entries({"record": "line"} | line.as_json(), line.entries)
        yield b"\n"
    yield _canonical({"record": "trailer"} | trailer.as_json()) + b"\n"


def write_csv(header: BatchHeader, lines: Iterable[BatchLine], trailer: BatchTrailer) -> Iterator[bytes]:
    """RFC 4180 with a heading row, one LINE row a line, and a TRAILER row. Safe in a spreadsheet."""
    yield csv_row(_CSV_COLUMNS)
    shared = {"batch": header.number, "functional_currency": header.functional_currency}
    for line in lines:
        row = line.as_json() | shared | {"record": "LINE", "code": "-".join(line.segments)}
        # The entries come last: ids of letters and digits need no quotes, however many they are.
        yield csv_row([row[column] for column in _CSV_COLUMNS[:-1]])[:-2] + b","
        for number, piece in enumerate(_pieces(line.entries)):
            yield (" " if number else "").encode() + " ".join(piece).encode()
        yield b"\r\n"
    last = shared | {
        "record": "TRAILER",
        "line": trailer.lines,
        "functional_debit": trailer.functional_debit,
        "functional_credit": trailer.functional_credit,
        "entries": trailer.entries,
    }
    yield csv_row([last.get(column, "") for column in _CSV_COLUMNS])


def csv_row(cells: Iterable[Any]) -> bytes:
    """One row of RFC 4180 in UTF-8 whose text no spreadsheet runs."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerow([_cell(cell) for cell in cells])
    return text.getvalue().encode()


def _with_entries(shown: dict[str, Any], entries: Iterable[str]) -> Iterator[bytes]:
    """The object with its entries where the order of the keys puts them."""
    before, after = _canonical(shown | {"entries": []}).split(b'"entries":[]')
    yield before + b'"entries":['
    for number, piece in enumerate(_pieces(entries)):
        yield (b"," if number else b"") + _canonical(piece)[1:-1]
    yield b"]" + after


def _pieces(entries: Iterable[str]) -> Iterator[list[str]]:
    piece: list[str] = []
    for entry in entries:
        piece.append(entry)
        if len(piece) == _PIECE:
            yield piece
            piece = []
    if piece:
        yield piece


def _cell(value: Any) -> str:
    return safe_text(value) if isinstance(value, str) else str(value)


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
