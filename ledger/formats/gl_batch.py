"""A GL batch as bytes: JSON, JSON Lines and CSV. The same batch always gives the same bytes.

Text is UTF-8; amounts are decimal strings with the currency's digits; every layout ends with the
control totals, so that a cut-off file is recognised.
"""

import csv
import io
import json
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

_CSV_COLUMNS = [
    "record",
    "batch",
    "line",
    "effective_on",
    "account",
    "account_name",
    "facility",
    "department",
    "payer_class",
    "tender",
    "currency",
    "debit",
    "credit",
    "functional_currency",
    "functional_debit",
    "functional_credit",
    "postings",
    "entries",
]
# What a spreadsheet may take for a formula or a command.
_DANGEROUS = "=+-@|%"


@dataclass(frozen=True, slots=True)
class BatchHeader:
    id: str
    number: str
    legal_entity: str
    facility: str
    business_on: str
    run: int
    functional_currency: str
    built_at: str


@dataclass(frozen=True, slots=True)
class BatchLine:
    """entries are the public ids of the entries that the line sums."""

    line: int
    effective_on: str
    account: str
    account_name: str
    facility: str
    department: str
    payer_class: str
    tender: str
    currency: str
    debit: str
    credit: str
    functional_debit: str
    functional_credit: str
    postings: int
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchTrailer:
    """Control totals, in the functional currency."""

    entries: int
    lines: int
    functional_debit: str
    functional_credit: str


def write_json(header: BatchHeader, lines: Sequence[BatchLine], trailer: BatchTrailer) -> bytes:
    """One object with batch, lines and trailer."""
    whole = {
        "batch": asdict(header),
        "lines": [asdict(line) for line in lines],
        "trailer": asdict(trailer),
    }
    return _canonical(whole) + b"\n"


def write_jsonl(header: BatchHeader, lines: Sequence[BatchLine], trailer: BatchTrailer) -> bytes:
    """One object a line, each naming its record: batch first, then lines, then the trailer."""
    records = [{"record": "batch"} | asdict(header)]
    records += [{"record": "line"} | asdict(line) for line in lines]
    records.append({"record": "trailer"} | asdict(trailer))
    return b"".join(_canonical(record) + b"\n" for record in records)


def write_csv(header: BatchHeader, lines: Sequence[BatchLine], trailer: BatchTrailer) -> bytes:
    """RFC 4180 with a heading row, one LINE row a line, and a TRAILER row. Safe in a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_CSV_COLUMNS)
    shared = {"batch": header.number, "functional_currency": header.functional_currency}
    for line in lines:
        row = asdict(line) | shared | {"record": "LINE", "entries": " ".join(line.entries)}
        writer.writerow([_cell(row[column]) for column in _CSV_COLUMNS])
    last = shared | {
        "record": "TRAILER",
        "line": trailer.lines,
        "functional_debit": trailer.functional_debit,
        "functional_credit": trailer.functional_credit,
        "entries": trailer.entries,
    }
    writer.writerow([_cell(last.get(column, "")) for column in _CSV_COLUMNS])
    return text.getvalue().encode()


def safe_text(text: str) -> str:
    """Text that no spreadsheet runs: control characters dropped, an apostrophe before a formula's start.

    Spaces and quotes in front, and full-width forms of the characters, are looked through.
    """
    kept = "".join(letter for letter in text if unicodedata.category(letter) not in ("Cc", "Cf"))
    start = unicodedata.normalize("NFKC", kept).lstrip(" \u00a0\"'`")[:1]
    return f"'{kept}" if start and start in _DANGEROUS else kept


def _cell(value: Any) -> str:
    return safe_text(value) if isinstance(value, str) else str(value)


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
