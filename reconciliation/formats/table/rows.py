"""The rows of a table as texts, from CSV or XLSX, one by one."""

import csv
import re
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import chain, islice, repeat
from typing import BinaryIO

from openpyxl import load_workbook

from hms_ach.refusal import FileRejected
from reconciliation.formats import text
from reconciliation.formats.archive import DAMAGE
from reconciliation.formats.reading import Reading

MAX_COLUMNS = 256
MAX_CELL = 10_000
MAX_PART = 40_000_000
MAX_UNPACKED = 400_000_000
_DELIMITERS = ";\t,|"
_PIECE, _LONGEST_FORMULA = 64 * 1024, 9_000
# <c r="C2"><f>SUM(A1:B1)</f><v/></c>, or without any <v>.
_UNCOMPUTED = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"[^>]*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*(?:<v\s*/>|<v>\s*</v>|</c>)'
)

Row = tuple[int, list[str]]


def csv_rows(chunks: Iterable[bytes], reading: Reading, *, delimiter: str = "") -> Iterator[Row]:
    """(line, cells) of each row that is not empty. Raises FileRejected for what is no CSV."""
    lines = text.lines(chunks, reading)
    head = list(islice(lines, 30))
    chosen = delimiter or delimiter_of(head)
    source: Iterator[str] = map(str.__add__, chain(head, lines), repeat("\n"))
    rows = csv.reader(source, delimiter=chosen)
    try:
        began = 1
        for cells in rows:
            if any(cells):
                if len(cells) > MAX_COLUMNS or max(map(len, cells)) > MAX_CELL:
                    _checked(cells, began)
                yield began, cells
            began = rows.line_num + 1
    except csv.Error as broken:
        raise FileRejected(rows.line_num, f"this is no CSV ({broken})") from None


def delimiter_of(lines: list[str]) -> str:
    """What parts the cells: the mark that most lines hold equally often, the first of several."""
    best, chosen = 0, ","
    for mark in _DELIMITERS:
        counts = [line.count(mark) for line in lines if line.strip()]
        common = max(set(counts), key=counts.count, default=0)
        score = common and counts.count(common) * 10 + common
        if score > best:
            best, chosen = score, mark
    return chosen


def xlsx_rows(source: BinaryIO, *, sheet: str = "") -> Iterator[Row]:
    """(row number, cells) of each row that is not empty: dates as YYYY-MM-DD, numbers with a point.

    Raises FileRejected for what is no workbook, is too large when unpacked, or lacks the sheet.
    """
    _check_workbook(source)
    try:
        workbook = load_workbook(source, read_only=True, data_only=True, keep_links=False)
        names = workbook.sheetnames
        if (sheet and sheet not in names) or not names:
            raise FileRejected(
                0, f"the workbook has no sheet {sheet[:40]!r}; it has {', '.join(names)[:200]}"
            )
        page = workbook[sheet or names[0]]
        for number, cells in enumerate(page.iter_rows(values_only=True, max_col=MAX_COLUMNS), start=1):
            texts = [_shown(cell) for cell in cells]
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                yield number, _checked(texts, number)
    except FileRejected:
        raise
    # openpyxl has no error of its own: what a damaged or hostile workbook raises depends on the part.
    except Exception as broken:
        if isinstance(broken, MemoryError):
            raise
        raise FileRejected(0, f"this is no readable workbook ({type(broken).__name__})") from None


def _check_workbook(source: BinaryIO) -> None:
    """Sizes before anything is unpacked, and no document types in its XML."""
    try:
        with zipfile.ZipFile(source) as parts:
            sizes = [part.file_size for part in parts.infolist()]
            shared = [part for part in parts.infolist() if not part.filename.startswith("xl/worksheets/")]
            if sum(sizes) > MAX_UNPACKED or len(sizes) > 1_000:
                raise FileRejected(0, "the workbook is too large when unpacked; send it as CSV")
            if any(part.file_size > MAX_PART for part in shared):
                raise FileRejected(0, "the workbook has too many texts; send it as CSV")
            for part in parts.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    _check_part(parts, part)
                if part.filename.startswith("xl/worksheets/sheet"):
                    _refuse_uncomputed(parts, part)
    except DAMAGE as broken:
        raise FileRejected(0, f"this is no readable workbook ({type(broken).__name__})") from None
    source.seek(0)


def _check_part(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    with parts.open(part) as content:
        if b"<!" in content.read(4_096):
            raise FileRejected(0, "a document type is not allowed in a workbook")


def _refuse_uncomputed(parts: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """A formula that no program computed has no value: its cell would be taken for empty."""
    left = b""
    with parts.open(part) as content:
        while piece := content.read(_PIECE):
            found = _UNCOMPUTED.search(left + piece)
            if found:
                cell = found[1].decode("ascii", "replace")
                problem = f"cell {cell} holds a formula that was never computed"
                raise FileRejected(0, f"{problem}: open the workbook, save it, and send it again")
            left = (left + piece)[-_LONGEST_FORMULA:]


def _shown(cell: object) -> str:
    """A cell as text: a number as the 15 digits a workbook keeps, a moment as its day."""
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y-%m-%d")
    if isinstance(cell, float):
        shown = f"{cell:.15g}"
        return shown if "e" not in shown else f"{cell:.6f}"
    return str(cell).strip()


def _checked(cells: list[str], number: int) -> list[str]:
    if len(cells) > MAX_COLUMNS:
        raise FileRejected(number, f"a row has more than {MAX_COLUMNS} columns")
    if max(map(len, cells), default=0) > MAX_CELL:
        raise FileRejected(number, f"a cell has more than {MAX_CELL:,} characters")
    return cells
