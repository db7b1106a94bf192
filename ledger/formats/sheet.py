"""Tables that people send: CSV in UTF-8, or the first sheet of an XLSX workbook, under a heading row."""

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from hms_ach.refusal import FileRejected
from hms_ach.workbook import MAGIC, workbook_rows

_MOST_ROWS = 100_000
_MOST_UNPACKED = 50 * 1024 * 1024


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
    is_workbook = content[:4] == MAGIC
    lines = workbook_rows(io.BytesIO(content), largest=_MOST_UNPACKED) if is_workbook else _csv(content)
    _, first = next(lines, (1, []))
    heading = [cell.strip().lower().replace(" ", "_") for cell in first]
    while heading and not heading[-1]:
        heading.pop()
    _check_heading(heading, required, optional)
    rows = []
    for line, cells in lines:
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


def _csv(content: bytes) -> Iterator[tuple[int, list[str]]]:
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
        yield from enumerate(reader, start=1)
    except csv.Error as error:
        raise FileRejected(reader.line_num, f"the row is not CSV ({error})") from error
