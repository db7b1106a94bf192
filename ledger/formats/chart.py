"""A chart of accounts as CSV or XLSX: cells by column name, with the line each stands on.

The first row names the columns, in any order and case: number, name, class, normal_side, currency,
active_from, active_until, parent. A last row `TOTAL,<n>` counts the accounts above it.
"""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from hms_ach.refusal import FileRejected
from hms_ach.sheets import safe_text
from hms_ach.workbook import MAGIC, workbook_rows
from ledger.formats.gl_batch import csv_row
from ledger.rules.chart import COLUMNS, NEEDED, ChartRow

MAX_BYTES = 5 * 1024 * 1024
MAX_UNPACKED_BYTES = 50 * 1024 * 1024
MAX_ROWS = 20_000


@dataclass(frozen=True, slots=True)
class ChartCells:
    """rows: (line, cell by column). total: line and text of the trailer, None without one."""

    rows: tuple[tuple[int, dict[str, str]], ...]
    total: tuple[int, str] | None


def read_cells(content: bytes) -> ChartCells:
    """The cells of a chart, from XLSX when the file is a workbook, else from CSV.

    Raises FileRejected for what is neither, for columns that are missing, unknown or named twice, and
    for files beyond the limits.
    """
    if len(content) > MAX_BYTES:
        raise FileRejected(0, f"the file is larger than {MAX_BYTES} bytes; send fewer accounts at a time")
    if content[:4] == MAGIC:
        return _cells(workbook_rows(io.BytesIO(content), largest=MAX_UNPACKED_BYTES))
    return _cells(_csv_rows(content))


def write_rows(rows: Iterable[ChartRow]) -> Iterator[bytes]:
    """A chart as read_cells reads it, its TOTAL row included. Text that a spreadsheet might run is quoted."""
    count = 0
    yield csv_row(COLUMNS)
    for row in rows:
        count += 1
        days = [day.isoformat() if day else "" for day in (row.active_from, row.active_until)]
        sides = [row.natural_class.lower(), row.normal_side.lower()]
        yield csv_row([row.number, row.name, *sides, row.currency or "", *days, row.parent])
    yield csv_row(["TOTAL", str(count)])


def _cells(rows: Iterable[tuple[int, Sequence[str]]]) -> ChartCells:
    columns: list[str] = []
    found: list[tuple[int, dict[str, str]]] = []
    total = None
    for line, cells in rows:
        if not any(cells):
            continue
        if not columns:
            columns = _columns(line, cells)
        elif total is not None:
            raise FileRejected(line, "there is a row after the TOTAL row; let TOTAL be the last")
        elif cells[0].upper() == "TOTAL":
            total = (line, cells[1] if len(cells) > 1 else "")
        elif len(found) == MAX_ROWS:
            raise FileRejected(line, f"the file has more than {MAX_ROWS} accounts; send it in parts")
        elif any(cells[len(columns) :]):
            raise FileRejected(line, "this row has more cells than the first one names columns")
        else:
            found.append((line, dict(zip(columns, map(_unguarded, cells), strict=False))))
    if not found:
        raise FileRejected(0, "the file holds no account; name the columns in its first row")
    return ChartCells(tuple(found), total)


def _unguarded(cell: str) -> str:
    """The cell without the apostrophe that keeps it from being a formula; another one is part of it."""
    return cell[1:] if cell.startswith("'") and safe_text(cell[1:]) == cell else cell


def _columns(line: int, cells: Sequence[str]) -> list[str]:
    columns = [cell.strip().lower().replace(" ", "_") for cell in cells]
    while columns and not columns[-1]:
        columns.pop()
    for column in columns:
        if column not in COLUMNS:
            raise FileRejected(
                line, f"{column!r:.40} is no column of a chart; known are {', '.join(COLUMNS)}"
            )
        if columns.count(column) > 1:
            raise FileRejected(line, f"column {column} is named twice")
    missing = [column for column in NEEDED if column not in columns]
    if missing:
        raise FileRejected(line, f"the first row does not name {', '.join(missing)}")
    return columns


def _csv_rows(content: bytes) -> Iterator[tuple[int, list[str]]]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRejected(0, f"byte {error.start} is not UTF-8; save the file as CSV UTF-8") from None
    if "\x00" in text:
        raise FileRejected(0, "the file is no text; send CSV or XLSX")
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for row in reader:
            yield reader.line_num, [cell.strip() for cell in row]
    except csv.Error as error:
        raise FileRejected(reader.line_num, f"this is not CSV: {error}") from None
