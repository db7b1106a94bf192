"""The rows of a table as texts, from CSV or XLSX, one by one."""

import csv
from collections.abc import Iterable, Iterator
from itertools import chain, islice, repeat
from typing import BinaryIO

from hms_ach.refusal import FileRejected
from hms_ach.workbook import MAX_COLUMNS, workbook_rows
from reconciliation.formats import text
from reconciliation.formats.reading import Reading

MAX_CELL = 10_000
_DELIMITERS = ";\t,|"

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
                if len(cells) > MAX_COLUMNS or len("".join(cells)) > MAX_CELL:
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
    """(row number, cells) of each row that is not empty. Raises FileRejected as workbook_rows does."""
    for number, cells in workbook_rows(source, sheet=sheet):
        yield number, _checked(cells, number)


def _checked(cells: list[str], number: int) -> list[str]:
    if len(cells) > MAX_COLUMNS:
        raise FileRejected(number, f"a row has more than {MAX_COLUMNS} columns")
    if max(map(len, cells), default=0) > MAX_CELL:
        raise FileRejected(number, f"a cell has more than {MAX_CELL:,} characters")
    return cells
