"""The records of a BAI lockbox file: where each field stands, and cutting a file into records.

Positions count from 1, both ends included. docs/formats/lockbox.md names where they are from, and where
banks differ.
"""

from collections.abc import Iterable, Iterator

from cashiering.formats.findings import text_of
from hms_ach.refusal import FileRejected

# A record has 80 characters; banks append fields of their own.
LONGEST = 400
HEADER = {"destination": (4, 13), "origin": (14, 23), "created_on": (24, 29), "created_at": (30, 33)}
SERVICE = {"service": (32, 34), "record_size": (35, 37)}
DEPOSIT = {"lockbox": (8, 14), "deposited_on": (15, 20)}
CHEQUE = {
    "batch": (2, 4),
    "item": (5, 7),
    "amount": (8, 17),
    "routing": (18, 26),
    "account": (27, 36),
    "number": (37, 46),
}
OVERFLOW = {"batch": (2, 4), "item": (5, 7), "type": (8, 8), "sequence": (9, 10), "last": (11, 11)}
# Invoice and amount: banks give the invoice's number 15 or 16 characters. The amounts tell which.
STUBS = (
    {"invoice": (12, 26), "amount": (27, 36)},
    {"invoice": (12, 27), "amount": (28, 37)},
)
BATCH_TOTAL = {
    "batch": (2, 4),
    "lockbox": (8, 14),
    "deposited_on": (15, 20),
    "count": (21, 23),
    "total": (24, 33),
}
# The count of a lockbox's cheques has three digits or four.
DEPOSIT_TOTALS = (
    {"lockbox": (8, 14), "deposited_on": (15, 20), "count": (21, 23), "total": (24, 33)},
    {"lockbox": (8, 14), "deposited_on": (15, 20), "count": (21, 24), "total": (25, 34)},
)
TRAILER = {"records": (2, 7)}


def cut(record: str, layout: dict[str, tuple[int, int]]) -> dict[str, str]:
    return {name: record[first - 1 : last].strip() for name, (first, last) in layout.items()}


def records(chunks: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """(line, record). Blank lines are left out. Raises FileRejected for a record that is too long."""
    left, line = "", 0
    for piece in text_of(chunks):
        left += piece.replace("\r\n", "\n").replace("\r", "\n")
        *whole, left = left.split("\n")
        for text in whole:
            line += 1
            yield from _record(line, text)
        if len(left) > LONGEST:
            raise FileRejected(line + 1, f"a record has more than {LONGEST} characters: no lockbox file has")
    yield from _record(line + 1, left)


def _record(line: int, text: str) -> Iterator[tuple[int, str]]:
    if len(text) > LONGEST:
        raise FileRejected(line, f"a record has more than {LONGEST} characters: no lockbox file has")
    if text.strip("\x1a "):
        yield line, text
