"""Reads OFX as a stream: an entry at each STMTTRN, a statement at each STMTRS, CCSTMTRS or INVSTMTRS."""

from collections.abc import Iterable, Iterator

from hms_ach.refusal import FileRejected
from reconciliation.formats.ofx.elements import elements, fields_of
from reconciliation.formats.ofx.listing import Listing
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Entry, Statement

MAX_ENTRIES = 2_000_000
_LISTINGS = {"STMTRS", "CCSTMTRS", "INVSTMTRS"}
_ENDS = {f"/{name}" for name in _LISTINGS}
_BALANCES = {"LEDGERBAL": "CLBD", "AVAILBAL": "CLAV"}


def read(chunks: Iterable[bytes], reading: Reading) -> Iterator[Entry | Statement]:
    """The entries of each account in file order, then its statement, which has no number of its own.

    Raises FileRejected where reading cannot go on: no OFX, a failed sign-on, no statement,
    more than two million entries.
    """
    reading.standard = "OFX"
    listing: Listing | None = None
    inside, name, count, statements, line = "", "", 0, 0, 0
    status: dict[str, str] = {}
    for name, value, line in elements(chunks, reading):
        if name == "STMTTRN":
            count += 1
            if count > MAX_ENTRIES:
                raise FileRejected(line, f"the file has more than {MAX_ENTRIES:,} entries")
            listing = listing or Listing(reading, line)
            entry = listing.entry(fields_of(value), line, value)
            if entry is not None:
                yield entry
        elif name in _LISTINGS:
            listing = Listing(reading, line)
        elif name in _ENDS:
            if listing is not None:
                statements += 1
                yield listing.statement(line)
            listing = None
        elif name == "STATUS":
            status, inside = {}, name
        elif name in ("/STATUS", "/SONRS", "/STMTTRNRS") and status:
            _check_status(reading, status, line)
            status, inside = {}, ""
        elif name in _BALANCES:
            inside = _BALANCES[name]
        elif name in ("/LEDGERBAL", "/AVAILBAL"):
            inside = ""
        elif inside == "STATUS":
            status[name] = value
        elif listing is not None:
            listing.take(inside, name, value, line)
    if listing is not None:
        reading.bad(line, "OFX", "", "the file ends in the midst of a statement", rule="2.4")
        yield listing.statement(line)
    elif not statements and not reading.is_refused:
        raise FileRejected(line, "the file has no statement (STMTRS, CCSTMTRS, INVSTMTRS)")
    if name != "/OFX":
        reading.warn(
            line, "OFX", "", "the file does not end with </OFX>: it may have been cut off", rule="2.4"
        )


def _check_status(reading: Reading, status: dict[str, str], line: int) -> None:
    if status.get("SEVERITY", "").upper() == "ERROR":
        said = status.get("MESSAGE", "") or "no reason given"
        reading.bad(
            line, "STATUS", status.get("CODE", ""), f"the bank answers with an error: {said}", rule="3.1.5"
        )
