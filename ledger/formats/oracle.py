"""Oracle Fusion: GlInterface.csv of the file-based data import "Journal Import" (table GL_INTERFACE).

Columns in the order of Oracle's JournalImportTemplate, without a heading. Dates YYYY/MM/DD, a decimal
point, no thousands separators. Segments of one row form one combination: a cross-validation rule of
Oracle's refuses the row as a whole. Control totals stand in every row's batch description.
"""

from collections.abc import Iterable, Iterator

from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer, Side, csv_row, sides

COLUMNS = [
    "Status Code",
    "Ledger ID",
    "Effective Date of Transaction",
    "Journal Source",
    "Journal Category",
    "Currency Code",
    "Journal Entry Creation Date",
    "Actual Flag",
    *[f"Segment{number}" for number in range(1, 31)],
    "Entered Debit Amount",
    "Entered Credit Amount",
    "Converted Debit Amount",
    "Converted Credit Amount",
    "REFERENCE1 (Batch Name)",
    "REFERENCE2 (Batch Description)",
    "REFERENCE3",
    "REFERENCE4 (Journal Entry Name)",
    "REFERENCE5 (Journal Entry Description)",
    "REFERENCE6 (Journal Entry Reference)",
    "REFERENCE7 (Journal Entry Reversal flag)",
    "REFERENCE8 (Journal Entry Reversal Period)",
    "REFERENCE9 (Journal Reversal Method)",
    "REFERENCE10 (Journal Entry Line Description)",
]


def write_fbdi(header: BatchHeader, lines: Iterable[BatchLine], trailer: BatchTrailer) -> Iterator[bytes]:
    """One row for each side of each line. The header names the ledger by its number: Oracle's LEDGER_ID."""
    for side in sides(lines):
        row = _row(header, side, trailer)
        yield csv_row([row.get(column, "") for column in COLUMNS])


def _row(header: BatchHeader, side: Side, trailer: BatchTrailer) -> dict[str, str]:
    line = side.line
    word = "Debit" if side.is_debit else "Credit"
    segments = {f"Segment{number}": value for number, value in enumerate(line.segments, start=1)}
    return segments | {
        "Status Code": "NEW",
        "Ledger ID": header.settings["oracle_ledger_id"],
        "Effective Date of Transaction": line.effective_on.replace("-", "/"),
        "Journal Source": header.settings.get("journal_source", "HMS-ACH"),
        "Journal Category": header.settings.get("journal_category", "Patient Accounting"),
        "Currency Code": line.currency,
        "Journal Entry Creation Date": header.built_at[:10].replace("-", "/"),
        "Actual Flag": "A",
        f"Entered {word} Amount": side.amount,
        f"Converted {word} Amount": side.functional,
        "REFERENCE1 (Batch Name)": header.number,
        "REFERENCE2 (Batch Description)": (
            f"{trailer.lines} lines, {trailer.functional_debit} {header.functional_currency}"
        ),
        "REFERENCE4 (Journal Entry Name)": f"{header.number} {line.effective_on} {line.currency}",
        "REFERENCE6 (Journal Entry Reference)": header.id,
        "REFERENCE10 (Journal Entry Line Description)": f"{line.line} {line.category} {line.tender}".strip(),
    }
