"""The records of a BAI lockbox file: where each field stands, and cutting a file into records.

Positions count from 1, both ends included. docs/formats/lockbox.md names where they are from, and where
banks differ.
"""

from collections.abc import Iterable, Iterator
from itertools import chain
from operator import itemgetter

from cashiering.formats.findings import text_of
from hms_ach.refusal import FileRejected

# A record has 80 characters; banks append fields of their own.
LONGEST = 400


def _fields(*places: tuple[int, int]) -> itemgetter:
    """Two fields or more, cut out at once."""
    return itemgetter(*(slice(first - 1, last) for first, last in places))


# Origin and day.
HEADER = _fields((14, 23), (24, 29))
SERVICE = slice(31, 34)
# Lockbox and day.
DEPOSIT = _fields((8, 14), (15, 20))
# Batch, item, amount, transit routing, account, number of the cheque.
CHEQUE = _fields((2, 4), (5, 7), (8, 17), (18, 26), (27, 36), (37, 46))
# Batch and item; then the number of the record among those of its cheque, and 9 in the last of them.
OVERFLOW = _fields((2, 4), (5, 7))
SEQUENCE, IS_LAST = slice(8, 10), slice(10, 11)
# Invoice and amount: banks give the invoice's number 15 or 16 characters. The amounts tell which.
STUBS = (_fields((12, 26), (27, 36)), _fields((12, 27), (28, 37)))
# Batch, count, sum.
BATCH_TOTAL = _fields((2, 4), (21, 23), (24, 33))
# Count and sum: the count of a lockbox's cheques has three digits or four.
DEPOSIT_TOTALS = (_fields((21, 23), (24, 33)), _fields((21, 24), (25, 34)))
# How many records the file has.
TRAILER = slice(1, 7)


def cut(record: str, layout: itemgetter) -> Iterator[str]:
    """The layout's fields in its order, without blanks around them."""
    return map(str.strip, layout(record))


def records(chunks: Iterable[bytes]) -> Iterator[tuple[int, str]]:
    """(line, record). Blank lines are left out. Raises FileRejected for a record that is too long."""
    for line, text in enumerate(chain.from_iterable(_lines(chunks)), start=1):
        if len(text) > LONGEST:
            raise FileRejected(line, f"a record has more than {LONGEST} characters: no lockbox file has")
        if text[:1] > " " or text.strip("\x1a "):
            yield line, text


def _lines(chunks: Iterable[bytes]) -> Iterator[list[str]]:
    """Those of each piece. One that is too long is not awaited to its end."""
    left = ""
    for piece in text_of(chunks):
        left += piece.replace("\r\n", "\n").replace("\r", "\n")
        *whole, left = left.split("\n")
        yield whole
        if len(left) > LONGEST:
            break
    yield [left]
