"""The rows of workbooks (XLSX) that people send, as texts, one by one; what is hostile is refused first."""

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from typing import BinaryIO

from openpyxl import load_workbook

from hms_ach.refusal import FileRejected

MAGIC = b"PK\x03\x04"
MAX_COLUMNS = 256
MAX_PART = 40_000_000
MAX_UNPACKED = 400_000_000
# What zipfile raises of damaged archives; it has no one error of its own.
DAMAGE = (
    zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, RuntimeError, EOFError, OSError,
    ValueError, LookupError, OverflowError,
)  # fmt: skip
_PIECE, _LONGEST_FORMULA = 64 * 1024, 9_000
# <c r="C2"><f>SUM(A1:B1)</f><v/></c>, or without any <v>. With t="str" an empty <v> is the text it came to.
_UNCOMPUTED = re.compile(
    rb'<c r="([A-Z]{1,3}[0-9]{1,7})"(?:[^>]* t="(str)")?+[^>]*>\s*<f(?:[^>]*/>|[^>]*>[^<]*</f>)\s*'
    rb"(?:</c>|(?(2)(?!)|<v(?:\s*/>|>\s*</v>)))"
)


def workbook_rows(
    source: BinaryIO, *, sheet: str = "", largest: int = MAX_UNPACKED
) -> Iterator[tuple[int, list[str]]]:
    """(row number, cells) of each row that is not empty: dates as YYYY-MM-DD, numbers with a point.

    sheet    its name; the first one when empty
    largest  bytes that the workbook may unpack to

    Formulas give what they were last computed to. Raises FileRejected for what is no workbook, is too large
    when unpacked, holds a document type or a formula that was never computed, or lacks the sheet.
    """
    _check(source, largest)
    try:
        workbook = load_workbook(source, read_only=True, data_only=True, keep_links=False)
        names = workbook.sheetnames
        if (sheet and sheet not in names) or not names:
            raise FileRejected(
                0, f"the workbook has no sheet {sheet[:40]!r}; it has {', '.join(names)[:200]}"
            )
        page = workbook[sheet or names[0]]
        # What a sheet says of its own size may be wrong, and rows beyond it would be left out.
        page.reset_dimensions()
        width = 0
        for number, cells in enumerate(page.iter_rows(values_only=True, max_col=MAX_COLUMNS), start=1):
            # Nearly all of the columns are empty in all rows: they are counted, not looked at one by one.
            while cells[width:].count(None) < len(cells) - width:
                width += 1
            texts = [_shown(cell) for cell in cells[:width]]
            while texts and not texts[-1]:
                texts.pop()
            if texts:
                yield number, texts
    except FileRejected:
        raise
    # openpyxl has no error of its own: what a damaged or hostile workbook raises depends on the part.
    except Exception as broken:
        if isinstance(broken, MemoryError):
            raise
        raise _unreadable(broken) from None


def _unreadable(broken: Exception) -> FileRejected:
    return FileRejected(
        0, f"this is no readable workbook ({type(broken).__name__}); save it again as XLSX or CSV"
    )


def _check(source: BinaryIO, largest: int) -> None:
    """Sizes before anything is unpacked, and no document types in its XML."""
    try:
        with zipfile.ZipFile(source) as parts:
            sizes = [part.file_size for part in parts.infolist()]
            shared = [part for part in parts.infolist() if not part.filename.startswith("xl/worksheets/")]
            if sum(sizes) > largest or len(sizes) > 1_000:
                raise FileRejected(0, "the workbook is too large when unpacked; send it as CSV")
            if any(part.file_size > MAX_PART for part in shared):
                raise FileRejected(0, "the workbook has too many texts; send it as CSV")
            for part in parts.infolist():
                if part.filename.endswith((".xml", ".rels")):
                    _check_part(parts, part)
                if part.filename.startswith("xl/worksheets/sheet"):
                    _refuse_uncomputed(parts, part)
    except DAMAGE as broken:
        raise _unreadable(broken) from None
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
