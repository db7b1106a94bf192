"""NetSuite: journal entries for the CSV Import Assistant, header and line columns in one file.

One journal (External ID) for each day, in the functional currency: NetSuite converts a journal at one
rate, and lines of ours carry the rates of their own days and differences of exchange. What a line is in
another currency stands in its memo. Amounts have at most two decimals in NetSuite, so that a functional
currency with three is refused there rather than rounded here. Column names are those of NetSuite's help,
"Journal Entry Header Fields" and "Line-Level Fields" (docs.oracle.com, netsuite/ns-online-help, sections
1534492479 and 1534492737).
"""

from collections.abc import Iterable, Iterator

from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer, Segments, Side, csv_row, sides

COLUMNS = [
    "External ID",
    "Date",
    "Subsidiary",
    "Currency",
    "Memo",
    "Account",
    "Debit",
    "Credit",
    "Line Memo",
    "Department",
    "Class",
    "Location",
]


def write_journal(header: BatchHeader, lines: Iterable[BatchLine], trailer: BatchTrailer) -> Iterator[bytes]:
    """A heading row, then one row for each side of each line that is worth something."""
    yield csv_row(COLUMNS)
    segments = Segments(header)
    for side in sides(lines):
        if side.functional.strip("0."):
            yield csv_row(_row(header, segments, side, trailer))


def _row(header: BatchHeader, segments: Segments, side: Side, trailer: BatchTrailer) -> list[str]:
    line, day = side.line, side.line.effective_on
    return [
        f"{header.number}-{day}",
        f"{day[5:7]}/{day[8:10]}/{day[:4]}",
        header.settings.get("netsuite_subsidiary", header.legal_entity),
        header.functional_currency,
        f"{header.number} {trailer.lines} lines",
        line.segments[header.account_index],
        side.functional if side.is_debit else "",
        "" if side.is_debit else side.functional,
        _memo(header, side),
        segments.of(line, "Department", "Cost center", otherwise=line.department),
        segments.of(line, "Class", otherwise=line.payer_class),
        segments.of(line, "Location", "Site", otherwise=line.facility),
    ]


def _memo(header: BatchHeader, side: Side) -> str:
    line = side.line
    foreign = "" if line.currency == header.functional_currency else f"{side.amount} {line.currency}"
    return " ".join(filter(None, [str(line.line), line.category, line.tender, foreign]))
