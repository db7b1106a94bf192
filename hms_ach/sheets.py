"""Tables as files for people: CSV and XLSX, safe in a spreadsheet, written row by row.

Each file begins with what it is: filter, moment, person and definition; then the heading and the rows.
"""

import csv
import io
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from itertools import islice
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from hms_ach.money import Money, digits

# A spreadsheet keeps fifteen digits of a number; a longer amount is written as text, to the cent.
_EXACT_DIGITS = 15
_NOT_IN_XML = re.compile("[\ud800-\udfff\ufffe\uffff]")
_ROWS_A_PIECE = 500
# What a spreadsheet may take for a formula or a command.
_DANGEROUS = "=+-@|%"


class Kind(StrEnum):
    """What stands in a column."""

    TEXT = "text"
    DAY = "day"
    MOMENT = "moment"
    MONEY = "money"
    NUMBER = "number"


@dataclass(frozen=True, slots=True)
class Column:
    name: str
    kind: Kind = Kind.TEXT

    @property
    def is_figure(self) -> bool:
        return self.kind in (Kind.MONEY, Kind.NUMBER)


# A figure that is not known, or has no meaning, is None: an empty cell, never a zero.
Cell = str | date | datetime | Money | int | Decimal | None


@dataclass(frozen=True, slots=True)
class StatementTable:
    """A statement's rows under their heading, and what they say.

    name   of the file, without its ending
    facts  label and value of what was asked, when and by whom, and the definition
    rows   may be read once only, so that a long statement never stands in memory whole
    """

    title: str
    name: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[Column, ...]
    rows: Iterable[Sequence[Cell]]
    totals: Sequence[Cell] = field(default=())


def write_csv(table: StatementTable) -> Iterator[bytes]:
    """UTF-8 after RFC 4180, in pieces. Amounts are decimals with exactly their currency's digits."""
    yield _csv_piece([["Statement", safe_text(table.title)], *_facts(table), []])
    yield _csv_piece([[safe_text(column.name) for column in table.columns]])
    rows = iter(table.rows)
    while piece := list(islice(rows, _ROWS_A_PIECE)):
        yield _csv_piece([[_text(cell) for cell in row] for row in piece])
    if table.totals:
        yield _csv_piece([[_text(cell) for cell in table.totals]])


def write_xlsx(table: StatementTable, file: IO[bytes], *, most_rows: int) -> bool:
    """The same as a workbook of one sheet, with amounts as numbers; False when it has more rows.

    Nothing is written to the file then: a workbook that ends in the middle would mislead.
    """
    book = Workbook(write_only=True)
    sheet = book.create_sheet("Statement")
    sheet.freeze_panes = f"B{len(table.facts) + 4}"
    for number, column in enumerate(table.columns, start=1):
        letter = get_column_letter(number)
        sheet.column_dimensions[letter].width = 16 if column.kind is not Kind.TEXT else 26
    sheet.append([_text_cell(sheet, table.title, bold=True)])
    for label, value in table.facts:
        sheet.append([_text_cell(sheet, label), _text_cell(sheet, value)])
    sheet.append([])
    sheet.append([_heading_cell(sheet, column) for column in table.columns])
    rows = iter(table.rows)
    for row in islice(rows, most_rows):
        sheet.append([_sheet_cell(sheet, cell) for cell in row])
    if table.totals:
        sheet.append([_sheet_cell(sheet, cell, bold=True) for cell in table.totals])
    book.save(file)
    if next(rows, None) is not None:
        file.seek(0)
        file.truncate()
        return False
    return True


def safe_text(text: str) -> str:
    """Text that no spreadsheet runs: control characters dropped, an apostrophe before a formula's start."""
    kept = _printable(text)
    return f"'{kept}" if is_formula(text) else kept


def is_formula(text: str) -> bool:
    """Whether a spreadsheet may take it for a formula or a command.

    Spaces and quotes in front, and full-width forms of the characters, are looked through.
    """
    if text[:1].isascii() and text[:1].isalnum():
        return False
    start = unicodedata.normalize("NFKC", _printable(text)).lstrip(" \u00a0\"'`")[:1]
    return bool(start) and start in _DANGEROUS


def _printable(text: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf"))


def _facts(table: StatementTable) -> list[list[str]]:
    return [[safe_text(label), safe_text(value)] for label, value in table.facts]


def _csv_piece(rows: list[list[str]]) -> bytes:
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\r\n").writerows(rows)
    return text.getvalue().encode()


def _text(cell: Cell) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat(timespec="seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, Money):
        return str(cell)
    return safe_text(cell) if isinstance(cell, str) else f"{cell}"


def _sheet_cell(sheet: Any, cell: Cell, *, bold: bool = False) -> WriteOnlyCell:
    if cell is None or isinstance(cell, str):
        return _text_cell(sheet, cell or "", bold=bold)
    if isinstance(cell, Money):
        return _money_cell(sheet, cell, bold=bold)
    if isinstance(cell, datetime):
        # Workbooks know no time zones: the moment stays as it was said, on the clock it was said on.
        return _styled(sheet, cell.replace(tzinfo=None), "yyyy-mm-dd hh:mm", bold=bold)
    if isinstance(cell, date):
        return _styled(sheet, cell, "yyyy-mm-dd", bold=bold)
    return _styled(sheet, cell, "General", bold=bold)


def _money_cell(sheet: Any, amount: Money, *, bold: bool) -> WriteOnlyCell:
    if len(str(abs(amount.minor))) > _EXACT_DIGITS:
        return _text_cell(sheet, str(amount), bold=bold)
    count = digits(amount.currency)
    shown = "#,##0" + ("." + "0" * count if count else "")
    return _styled(sheet, amount.decimal(), shown, bold=bold)


def _styled(sheet: Any, value: Any, number_format: str, *, bold: bool) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, value=value)
    cell.number_format = number_format
    if bold:
        cell.font = Font(bold=True)
    return cell


def _heading_cell(sheet: Any, column: Column) -> WriteOnlyCell:
    cell = _text_cell(sheet, column.name, bold=True)
    if column.is_figure:
        cell.alignment = Alignment(horizontal="right")
    return cell


def _text_cell(sheet: Any, text: str, *, bold: bool = False) -> WriteOnlyCell:
    """Text that stays text: never a formula, here or after somebody saves the workbook as CSV."""
    cell = WriteOnlyCell(sheet, value=None)
    cell.value = _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", safe_text(text)) or None
    if cell.value is not None:
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell
