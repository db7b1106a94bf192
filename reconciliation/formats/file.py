"""Any file of a bank, packed or not: opened, recognised and read by the reader of its format."""

import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from tempfile import SpooledTemporaryFile
from typing import BinaryIO, cast
from zipfile import ZipFile

from hms_ach import archive
from hms_ach.refusal import FileRejected, Refusal
from reconciliation.formats import bai2, camt, mt940, ofx, table
from reconciliation.formats.detection import HEAD, Format, detect
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Entry, Statement
from reconciliation.formats.text import complete_lines, pieces

_STREAMS: dict[Format, Callable[[Iterable[bytes], Reading], Iterator[Entry | Statement]]] = {
    Format.CAMT: camt.read,
    Format.BAI2: bai2.read,
    Format.MT940: mt940.read,
    Format.OFX: ofx.read,
}
_IN_MEMORY = 4_000_000
_SHEET = "xl/workbook.xml"
_GUESSED_ROWS = 50
# An X12 interchange (835) or a NACHA file: it announces money, and is no statement.
_ADVICE = re.compile(rb"(?:\xef\xbb\xbf)?\s*(ISA[^0-9A-Za-z\s]|101.{20}[0-9]{6}.{5}094101)")


@dataclass(slots=True)
class Opened:
    """How a file is to be read, and what it turned out to be.

    asked    the format the sender names; None to recognise it
    profile  what the columns of a table mean; guessed when None, if may_guess
    format   what the last part read was
    guessed  the profile that was guessed for it
    """

    asked: Format | None = None
    profile: table.TableProfile | None = None
    may_guess: bool = False
    format: Format | None = None
    guessed: table.TableProfile | None = None


def read_file(source: BinaryIO, reading: Reading, opened: Opened) -> Iterator[Entry | Statement]:
    """The entries of each statement in file order, then the statement; of a ZIP, file after file.

    Memory does not grow with the file; archives and workbooks wait on disk. Raises FileRejected
    where reading cannot go on.
    """
    head = source.read(HEAD)
    if not head:
        raise FileRejected(0, "the file is empty")
    if head.startswith(b"PK"):
        with _spooled(head, source) as kept:
            yield from _unzipped(kept, reading, opened)
    elif head.startswith(b"\x1f\x8b"):
        with _spooled(head, source) as kept:
            yield from _read_part(archive.gunzipped(kept), reading, opened)
    elif archive.is_archive(head):
        raise FileRejected(0, "only ZIP and gzip archives are read; unpack it, or pack it as ZIP")
    else:
        yield from _read_part(_rest(head, source), reading, opened)


def _unzipped(kept: BinaryIO, reading: Reading, opened: Opened) -> Iterator[Entry | Statement]:
    try:
        is_workbook = _SHEET in ZipFile(kept).namelist()
    except archive.DAMAGE:
        raise FileRejected(0, "the ZIP archive is damaged") from None
    kept.seek(0)
    if is_workbook:
        yield from _read_workbook(kept, reading, opened)
        return
    for name, content in archive.members(kept):
        reading.part = name[-60:]
        yield from _read_part(content, reading, opened)
    reading.part = ""


def _read_part(content: Iterator[bytes], reading: Reading, opened: Opened) -> Iterator[Entry | Statement]:
    """One file that is not packed."""
    head = b""
    for piece in content:
        head += piece
        if len(head) >= HEAD:
            break
    if archive.is_archive(head):
        raise FileRejected(0, "an archive inside an archive is not read; send it by itself")
    if opened.asked is None and _ADVICE.match(head):
        raise FileRejected(1, "this is a remittance (835) or an ACH file: take it in under Advices")
    opened.format = opened.asked or detect(head)
    whole = pieces(part for parts in ((head,), content) for part in parts)
    if opened.format is None or opened.format == Format.XLSX:
        raise FileRejected(1, "this is none of camt.052/053/054, BAI2, MT940/942, OFX, CSV and XLSX")
    if opened.format == Format.CSV:
        yield from _read_csv(head, whole, reading, opened)
    else:
        yield from _STREAMS[opened.format](whole, reading)


def _read_csv(
    head: bytes, whole: Iterator[bytes], reading: Reading, opened: Opened
) -> Iterator[Entry | Statement]:
    profile = opened.profile
    if profile is None:
        profile = opened.guessed = _guess(_first_rows(head), reading, opened)
    yield from table.read_csv(whole, reading, profile)


def _read_workbook(kept: BinaryIO, reading: Reading, opened: Opened) -> Iterator[Entry | Statement]:
    opened.format = Format.XLSX
    profile = opened.profile
    rows = table.xlsx_rows(kept, sheet=profile.sheet if profile else "")
    if profile is None:
        first = list(islice(rows, _GUESSED_ROWS))
        profile = opened.guessed = _guess(first, reading, opened)
        rows = chain(first, rows)
    yield from table.read_xlsx(rows, reading, profile)


def _first_rows(head: bytes) -> list[table.Row]:
    """The rows that a file begins with; the last may be cut within its quotes."""
    rows: list[table.Row] = []
    try:
        rows.extend(islice(table.csv_rows([complete_lines(head)], Reading()), _GUESSED_ROWS))
    except FileRejected:
        if not rows:
            raise
    return rows


def _guess(rows: list[table.Row], reading: Reading, opened: Opened) -> table.TableProfile:
    if not opened.may_guess:
        raise FileRejected(
            1, "no account has a column profile for this table; make one and try it on the file"
        )
    try:
        profile = table.guess(rows)
    except Refusal as unknown:
        raise FileRejected(1, f"{unknown.params['problem']}; give a column profile") from None
    for name, text, problem in table.doubts(rows, profile):
        reading.warn(0, name, text, problem, rule="guessed profile")
    return profile


def _rest(head: bytes, source: BinaryIO) -> Iterator[bytes]:
    yield head
    while piece := source.read(65536):
        yield piece


def _spooled(head: bytes, source: BinaryIO) -> BinaryIO:
    kept = SpooledTemporaryFile(max_size=_IN_MEMORY)  # noqa: SIM115 - the caller closes it
    for piece in _rest(head, source):
        kept.write(piece)
    kept.seek(0)
    return cast(BinaryIO, kept)


def read_bytes(content: bytes, reading: Reading, opened: Opened) -> Iterator[Entry | Statement]:
    """The same for what is in memory already."""
    return read_file(cast(BinaryIO, io.BytesIO(content)), reading, opened)
