"""A trial balance as CSV, safe in a spreadsheet."""

import csv
import io
from collections.abc import Iterable

from ledger.formats.gl_batch import safe_text


def write_csv(rows: Iterable[tuple[str, str, str, str, str, str]]) -> bytes:
    """Rows of account, name, class, debit, credit and balance, under a heading. UTF-8, RFC 4180."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(["account", "name", "class", "debit", "credit", "balance"])
    for account, name, natural_class, *figures in rows:
        writer.writerow([safe_text(account), safe_text(name), safe_text(natural_class), *figures])
    return text.getvalue().encode()
