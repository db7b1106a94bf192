"""Reads MT940 and MT942 as a stream: a statement from :20: to :62F:, an entry from :61: with its :86:."""

from collections.abc import Iterable, Iterator

from hms_ach.refusal import FileRejected
from reconciliation.formats import text
from reconciliation.formats.mt940.fields import Field, fields
from reconciliation.formats.mt940.message import Message
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Entry, Statement

MAX_ENTRIES = 2_000_000
_HEAD = ("20", "21", "25", "25P", "28", "28C", "28D", "13", "13D", "34F", "60F", "60M", "90C", "90D", "NS")


def read(chunks: Iterable[bytes], reading: Reading) -> Iterator[Entry | Statement]:
    """The entries of each statement in file order, then the statement itself; each page by itself.

    Raises FileRejected where reading cannot go on: no field at all, a field beyond all measure,
    more than two million entries.
    """
    reading.standard = "SWIFT MT940"
    message: Message | None = None
    said_kind, count, line = "", 0, 0
    pending: Field | None = None
    for found in fields(text.lines(chunks, reading)):
        tag, lines, line = found
        if pending is not None and message is not None:
            has_details = tag == "86"
            count += 1
            if count > MAX_ENTRIES:
                raise FileRejected(line, f"the file has more than {MAX_ENTRIES:,} entries")
            entry = message.entry(pending, lines if has_details else None)
            pending = None
            if entry is not None:
                yield entry
            if has_details:
                continue
        if tag == "61":
            message = message or Message(reading, said_kind, line)
            pending = found
        elif tag == "-":
            if message is not None:
                yield message.statement(line)
            message, said_kind = None, ""
        elif tag == "{":
            said_kind = lines[0]
        else:
            if message is not None and _begins(message, tag):
                yield message.statement(line - 1)
                message = None
            message = message or Message(reading, said_kind, line)
            message.take(found)
    if pending is not None and message is not None:
        entry = message.entry(pending, None)
        if entry is not None:
            yield entry
    if message is not None:
        yield message.statement(line)
    elif not line:
        raise FileRejected(0, "the file has no field of MT940, such as :20: or :61:")


def _begins(message: Message, tag: str) -> bool:
    """Whether a field begins another statement: a second head after the body or the balances."""
    return (tag == "20" and message.has_begun) or (tag in ("25", "25P", "60F", "60M") and message.is_closed)
