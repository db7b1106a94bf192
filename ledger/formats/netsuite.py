"""NetSuite: journal entries for the CSV Import Assistant, header and line columns in one file.

One journal (External ID) for each day and currency. Amounts have at most two decimals in NetSuite, so that a
currency with three is refused there rather than rounded here. Column names are those of NetSuite's help,
"Journal Entry Header Fields" and "Line-Level Fields".
"""

from collections.abc import Iterable, Iterator

from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer, csv_row, sides

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
    """A heading row, then one row for each side of each line."""
    yield csv_row(COLUMNS)
    subsidiary = header.settings.get("netsuite_subsidiary", header.legal_entity)
    for side in sides(lines):
        line = side.line
        day = line.effective_on
        yield csv_row(
            [
                f"{header.number}-{day}-{line.currency}",
                f"{day[5:7]}/{day[8:10]}/{day[:4]}",
                subsidiary,
                line.currency,
                f"{header.number} {trailer.lines} lines",
                line.segments[header.account_index],
                side.amount if side.is_debit else "",
                "" if side.is_debit else side.amount,
                f"{line.line} {line.category} {line.tender}".strip(),
                line.department,
                line.payer_class,
                line.facility,
            ]
        )
