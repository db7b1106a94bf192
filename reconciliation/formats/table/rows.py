"""The rows of a table as texts, from CSV or XLSX, one by one."""

import csv
from collections.abc import Iterable, Iterator
from io import StringIO
from itertools import chain, islice
from typing import BinaryIO

from hms_ach.refusal import FileRejected
from hms_ach.workbook import MAX_COLUMNS, workbook_rows
from reconciliation.formats import text
from reconciliation.formats.reading import Reading

MAX_CELL = 10_000
_DELIMITERS = ";\t,|"

Row = tuple[int, list[str]]


def csv_rows(chunks: Iterable[bytes], reading: Reading, *, delimiter: str = "") -> Iterator[Row]:
    """(line, cells) of each row that is not empty, of any width. Raises FileRejected for what is no CSV."""
    blocks = text.blocks(chunks, reading)
    lines = chain.from_iterable(StringIO(f"{block}\n") for block in blocks)
    head = list(islice(lines, 30))
    chosen = delimiter or delimiter_of(head)
    # Strictly: a quote that is never closed would swallow all rows after it.
    rows = csv.reader(chain(head, lines), delimiter=chosen, strict=True)
    began = 1
    try:
        for cells in rows:
            if any(cells):
                yield began, cells
            began = rows.line_num + 1
    except csv.Error as broken:
        raise FileRejected(
            began, f"a quote is not closed, or not doubled inside its cell ({broken})"
        ) from None


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
    """(row number, cells) of each row that is not empty. Raises FileRejected as workbook_rows does."""
    for number, cells in workbook_rows(source, sheet=sheet):
        yield number, checked(cells, number)


def checked(cells: list[str], number: int) -> list[str]:
    """The same cells. Raises FileRejected for too many of them, or one that is too long."""
    if len(cells) > MAX_COLUMNS:
        raise FileRejected(number, f"a row has more than {MAX_COLUMNS} columns")
    if max(map(len, cells), default=0) > MAX_CELL:
        raise FileRejected(number, f"a cell has more than {MAX_CELL:,} characters")
    return cells
