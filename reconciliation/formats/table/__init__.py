"""Bank statements as tables, CSV or XLSX, read by a profile that says what each column means."""

from reconciliation.formats.table.guess import doubts, guess
from reconciliation.formats.table.profile import FIELDS, ProfileWrong, TableProfile
from reconciliation.formats.table.reader import read_csv, read_xlsx
from reconciliation.formats.table.rows import Row, csv_rows, delimiter_of, xlsx_rows

__all__ = [
    "FIELDS",
    "ProfileWrong",
    "Row",
    "TableProfile",
    "csv_rows",
    "delimiter_of",
    "doubts",
    "guess",
    "read_csv",
    "read_xlsx",
    "xlsx_rows",
]
