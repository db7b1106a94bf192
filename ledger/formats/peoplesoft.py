"""PeopleSoft: the flat file of GL_JRNL_IMP (file layout GL_JRNL_IMPORT), fixed columns.

# comments, H journal header, L journal line, C control totals. One journal for each day and currency;
JOURNAL_ID is NEXT, so that PeopleSoft numbers it. Amounts are signed: a debit is positive.
MONETARY_AMOUNT is in the business unit's base currency; a journal in another one says its FOREIGN_AMOUNT
beside it. Parts of the code that the map calls like a ChartField (Department, Operating unit, Product,
Fund, Class, Program) stand in its place. Positions are (first column from 1, length), from "Using the
Flat File Journal Import Process" (PeopleSoft FSCM 9.2, General Ledger); fields of a line follow the
record JRNL_LN.
"""

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from ledger.formats.gl_batch import BatchHeader, BatchLine, BatchTrailer, Segments, Side, journals_of, sides

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
    "operating_unit": (56, 8),
    "product": (64, 6),
    "fund": (70, 5),
    "class": (75, 5),
    "program": (80, 5),
    "amount": (177, 28),
    "reference": (223, 10),
    "description": (233, 30),
    "currency": (263, 3),
    "foreign_amount": (271, 28),
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
    segments = Segments(header)
    for (day, currency), of_journal in journals_of(lines):
        yield _fixed(HEADER, _header(header, unit, day, currency))
        debit = credit = Decimal(0)
        count = 0
        for count, side in enumerate(sides(of_journal), start=1):
            debit += Decimal(side.functional) if side.is_debit else 0
            credit += 0 if side.is_debit else Decimal(side.functional)
            yield _fixed(LINE, _line(header, unit, count, side) | _chart_fields(segments, side.line))
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
    is_own = line.currency == header.functional_currency
    return {
        "record": "L",
        "business_unit": unit,
        "line": str(number),
        "ledger": header.settings.get("peoplesoft_ledger", "ACTUALS"),
        "account": line.segments[header.account_index],
        "amount": side.functional_signed,
        "reference": f"{header.number[-6:]}/{line.line}",
        "description": f"{line.category} {line.tender}".strip(),
        "currency": line.currency,
        "foreign_amount": "" if is_own else side.signed,
    }


def _chart_fields(segments: Segments, line: BatchLine) -> dict[str, str]:
    return {
        "department": segments.of(line, "Department", "Cost center", otherwise=line.department),
        "operating_unit": segments.of(line, "Operating unit"),
        "product": segments.of(line, "Product"),
        "fund": segments.of(line, "Fund", "Fund code"),
        "class": segments.of(line, "Class"),
        "program": segments.of(line, "Program"),
    }


def _fixed(layout: Layout, values: Mapping[str, str]) -> bytes:
    """Values cut and padded to their columns; characters outside ASCII become question marks."""
    width = max(first + length - 1 for first, length in layout.values())
    row = [" "] * width
    for name, (first, length) in layout.items():
        value = values.get(name, "")[:length].ljust(length)
        row[first - 1 : first - 1 + length] = value
    return ("".join(row).rstrip() + "\r\n").encode("ascii", "replace")
