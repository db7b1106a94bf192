"""PeopleSoft: the flat file of GL_JRNL_IMP (file layout GL_JRNL_IMPORT), fixed columns.

# comments, H journal header, L journal line, C control totals. One journal for each day and currency;
JOURNAL_ID is NEXT, so that PeopleSoft numbers it. MONETARY_AMOUNT is signed: a debit is positive.
Positions are (first column from 1, length), from "Using the Flat File Journal Import Process".
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from itertools import groupby

from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer, Side, sides

Layout = Mapping[str, tuple[int, int]]
HEADER: Layout = {
    "record": (1, 1),
    "business_unit": (2, 5),
    "journal_id": (7, 10),
    "journal_date": (17, 8),
    "adjusting": (25, 1),
    "ledger_group": (37, 10),
    "ledger": (47, 10),
    "reversal_code": (57, 1),
    "source": (69, 3),
    "reference": (72, 8),
    "description": (80, 30),
    "currency": (110, 3),
}
LINE: Layout = {
    "record": (1, 1),
    "business_unit": (2, 5),
    "line": (7, 9),
    "ledger": (16, 10),
    "account": (26, 10),
    "department": (46, 10),
    "amount": (177, 28),
    "reference": (223, 10),
    "description": (233, 30),
    "currency": (263, 3),
}
CONTROL: Layout = {
    "record": (1, 1),
    "business_unit": (2, 5),
    "lines": (7, 9),
    "debit": (16, 28),
    "credit": (44, 28),
}


def write_flat_file(
    header: BatchHeader, lines: Iterable[BatchLine], trailer: BatchTrailer
) -> Iterator[bytes]:
    """A comment with the control totals of the batch, then journal by journal."""
    total = f"{trailer.functional_debit} {header.functional_currency}"
    yield f"# {header.number} {trailer.lines} lines {total}\r\n".encode("ascii", "replace")
    unit = header.settings.get("peoplesoft_business_unit", header.legal_entity)
    ordered = sorted(lines, key=lambda line: (line.effective_on, line.currency, line.line))
    for (day, currency), of_journal in groupby(ordered, key=lambda line: (line.effective_on, line.currency)):
        yield _fixed(HEADER, _header(header, unit, day, currency))
        debit = credit = Decimal(0)
        count = 0
        for count, side in enumerate(sides(of_journal), start=1):
            debit += Decimal(side.amount) if side.is_debit else 0
            credit += 0 if side.is_debit else Decimal(side.amount)
            yield _fixed(LINE, _line(header, unit, count, side))
        totals = {"lines": str(count), "debit": str(debit), "credit": str(-credit)}
        yield _fixed(CONTROL, {"record": "C", "business_unit": unit} | totals)


def _header(header: BatchHeader, unit: str, day: str, currency: str) -> dict[str, str]:
    return {
        "record": "H",
        "business_unit": unit,
        "journal_id": "NEXT",
        "journal_date": f"{day[5:7]}{day[8:10]}{day[:4]}",
        "adjusting": "N",
        "ledger_group": header.settings.get("peoplesoft_ledger_group", "ACTUALS"),
        "ledger": header.settings.get("peoplesoft_ledger", "ACTUALS"),
        "reversal_code": "N",
        "source": header.settings.get("peoplesoft_source", "HMS"),
        "reference": header.number[-8:],
        "description": header.number,
        "currency": currency,
    }


def _line(header: BatchHeader, unit: str, number: int, side: Side) -> dict[str, str]:
    line = side.line
    return {
        "record": "L",
        "business_unit": unit,
        "line": str(number),
        "ledger": header.settings.get("peoplesoft_ledger", "ACTUALS"),
        "account": line.segments[header.account_index],
        "department": line.department,
        "amount": side.amount if side.is_debit else f"-{side.amount}",
        "reference": f"{header.number[-6:]}/{line.line}",
        "description": f"{line.category} {line.tender}".strip(),
        "currency": line.currency,
    }


def _fixed(layout: Layout, values: Mapping[str, str]) -> bytes:
    """Values cut and padded to their columns; characters outside ASCII become question marks."""
    width = max(first + length - 1 for first, length in layout.values())
    row = [" "] * width
    for name, (first, length) in layout.items():
        value = values.get(name, "")[:length].ljust(length)
        row[first - 1 : first - 1 + length] = value
    return ("".join(row).rstrip() + "\r\n").encode("ascii", "replace")
