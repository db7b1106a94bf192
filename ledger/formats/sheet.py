"""Tables that people send: CSV in UTF-8, or the first sheet of an XLSX workbook, under a heading row."""

import csv
import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException

from hms_ach.refusal import FileRejected

_MOST_ROWS = 100_000


@dataclass(frozen=True, slots=True)
class SheetRow:
    """line counts from 1, the heading included; values are trimmed text by column."""

    line: int
    values: dict[str, str]


def read_sheet(content: bytes, *, required: Sequence[str], optional: Sequence[str] = ()) -> list[SheetRow]:
    """Every row that is not empty. A leading apostrophe, which keeps a cell from being a formula, is dropped.

    Raises FileRejected for what is neither CSV nor XLSX, for a column that is missing, twice or not
    known, and for a row that is longer than its heading.
    """
    is_workbook = content[:4] == b"PK\x03\x04"
    lines = _workbook(content) if is_workbook else _csv(content)
    heading = [cell.strip().lower().replace(" ", "_") for cell in next(lines, [])]
    while heading and not heading[-1]:
        heading.pop()
    _check_heading(heading, required, optional)
    rows = []
    for line, cells in enumerate(lines, start=2):
        if line > _MOST_ROWS:
            raise FileRejected(line, f"there are more than {_MOST_ROWS} rows")
        if any(cell.strip() for cell in cells[len(heading) :]):
            raise FileRejected(line, "the row has more cells than the heading")
        values = [cell.strip().removeprefix("'") for cell in cells[: len(heading)]]
        values += [""] * (len(heading) - len(values))
        if any(values):
            rows.append(SheetRow(line, dict(zip(heading, values, strict=True))))
    return rows


def _check_heading(heading: Sequence[str], required: Sequence[str], optional: Sequence[str]) -> None:
    for column in required:
        if column not in heading:
            raise FileRejected(1, f"the column {column} is missing")
    for column in heading:
        if column not in (*required, *optional):
            known = ", ".join([*required, *optional])
            raise FileRejected(1, f"the column {column[:40]!r} is not known; known are {known}")
        if heading.count(column) > 1:
            raise FileRejected(1, f"the column {column} is there twice")


def _csv(content: bytes) -> Iterator[list[str]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise FileRejected(line, "the file is neither CSV in UTF-8 nor XLSX") from error
    if "\x00" in text:
        raise FileRejected(1, "the file is neither CSV in UTF-8 nor XLSX")
    first = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=first.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        yield from reader
    except csv.Error as error:
        raise FileRejected(reader.line_num, f"the row is not CSV ({error})") from error


def _workbook(content: bytes) -> Iterator[list[str]]:
    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(values_only=True):
            yield [_text(value) for value in row]
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, IndexError) as error:
        raise FileRejected(1, "the workbook cannot be read; save it again as XLSX or CSV") from error


def _text(value: Any) -> str:
    """A cell as text: a whole number without its point, a date as YYYY-MM-DD."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
