"""From the lines of a BAI2 file to its records: continuations joined, shared lines parted."""

import re
from collections.abc import Iterable, Iterator

from hms_ach.refusal import FileRejected
from reconciliation.formats.reading import Reading

CODES = frozenset({"01", "02", "03", "16", "49", "98", "99"})
MAX_RECORD = 64 * 1024
# A record ends and another begins on the same line. After 88 and 16 a slash may be text, so what
# follows must look like a whole record.
_NEXT = re.compile(
    r"/[ \t]*(?=(?:01|02|03),[^,/]+,|16,\d{3},\d+,[012ZSVD]?,|49,[+-]?\d*,\d+[ \t]*(?:/|$)"
    r"|98,[+-]?\d*,\d+,\d+[ \t]*(?:/|$)|99,[+-]?\d*,\d+,\d+[ \t]*(?:/|$)|88,)",
    re.ASCII,
)
_FUNDS_FIELDS = {"S": 3, "V": 2}


def records(lines: Iterable[str], reading: Reading) -> Iterator[tuple[str, str, int, int]]:
    """(code, content after the code's comma, first line, physical records) of each logical record.

    Raises FileRejected for a line that begins with no code of BAI2.
    """
    code = content = ""
    began = number = size = width = 0
    is_ended, is_full = True, False
    for number, line in _parted(lines, reading):
        head = line[:3]
        if head == "88,":
            more = line[3:].rstrip()
            content = _joined(code, content, more, is_ended=is_ended, is_full=is_full, number=number)
            size += 1
        elif head[:2] in CODES and head[2:] in (",", ""):
            if size:
                yield code, content, began, size
            code, content, began, size = head[:2], line[3:].rstrip(), number, 1
            if code == "01":
                width = _physical_length(content)
        elif line.isspace() or not line:
            continue
        else:
            raise FileRejected(
                number, f"{line[:12]!r} begins no BAI2 record (01, 02, 03, 16, 49, 88, 98, 99)"
            )
        is_full = len(line) == width and not line[-1:].isspace()
        is_ended = content.endswith("/")
        if is_ended:
            content = content[:-1]
    if not size:
        raise FileRejected(number, "the file has no BAI2 record")
    yield code, content, began, size


def _physical_length(content: str) -> int:
    """The length of a physical record as the file header (01.7) states it; 0 where it does not."""
    length = [*content.split(","), *[""] * 6][5].strip()
    return int(length) if length.isascii() and length.isdigit() and len(length) < 5 else 0


def _joined(code: str, content: str, more: str, *, is_ended: bool, is_full: bool, number: int) -> str:
    """88 goes on where the record stopped: in its text, at its next field, or within a number.

    is_full  the line before is as long as a physical record may be: a word of its text may be cut there
    """
    if not code:
        raise FileRejected(number, "the file begins with a continuation (88)")
    if len(content) + len(more) > MAX_RECORD:
        raise FileRejected(
            number, f"a record with its continuations is longer than {MAX_RECORD:,} characters"
        )
    if code == "16" and _has_text(content):
        return content + more if is_full and not is_ended else f"{content} {more}"
    return f"{content},{more}" if is_ended else content + more


def _has_text(content: str) -> bool:
    """Whether the fields of a transaction (16) have got as far as its text."""
    fields = content.split(",")
    return len(fields) > reference_place(fields) + 2


def reference_place(fields: list[str]) -> int:
    """Where the bank reference stands: after the funds type and what it brings (section Funds Type)."""
    kind = fields[2] if len(fields) > 2 else ""
    if kind == "D":
        count = fields[3] if len(fields) > 3 else ""
        return 4 + 2 * int(count) if count.isascii() and count.isdigit() and len(count) < 4 else 4
    return 3 + _FUNDS_FIELDS.get(kind, 0)


def _parted(lines: Iterable[str], reading: Reading) -> Iterator[tuple[int, str]]:
    """Each physical record with its line: records that share one are told apart."""
    is_told = False
    for number, line in enumerate(lines, start=1):
        if line.find("/", 0, -1) < 0 or not _NEXT.search(line):
            yield number, line
            continue
        parts = _NEXT.split(line)
        if not is_told:
            is_told = True
            reading.warn(
                number, "", line[:40], "holds several records; they are read one by one", rule="Records"
            )
        yield from ((number, f"{part}/") for part in parts[:-1])
        yield number, parts[-1]
