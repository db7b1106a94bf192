"""One day of an account in every format that banks send, from the same rows."""

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from openpyxl import Workbook

from reconciliation.formats.table import TableProfile
from tests.make import reconciliation as make
from tests.reconciliation.formats import test_bai2, test_ofx

Row = tuple[int, str]
NUMBER = "US-1234567890"
TABLE = TableProfile(
    columns={
        "booked_on": "Date",
        "amount": "Amount",
        "bank_reference": "Ref",
        "balance": "Left",
        "account": "Account",
        "currency": "Currency",
    },
    date_format="YYYY-MM-DD",
    decimal_mark=".",
)


@dataclass(frozen=True, slots=True)
class Day:
    """What a bank says of one day. rows: minor units and the bank's reference, in the order of the file."""

    rows: Sequence[Row] = ((10_00, "BANK1"), (-2_50, "BANK2"))
    on: date = make.DAY
    opening: int = 0
    number: str = NUMBER
    currency: str = "USD"
    sequence: int = 1

    @property
    def closing(self) -> int:
        return self.opening + sum(minor for minor, _reference in self.rows)


def _units(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"


def _camt(day: Day) -> bytes:
    entries = [make.line(minor, on=day.on, bank_reference=reference) for minor, reference in day.rows]
    return make.statement_file(
        *[entry._replace(currency=day.currency) for entry in entries],
        statement_id=f"D{day.on:%Y%m%d}",
        number=day.number,
        opening=day.opening,
        sequence=day.sequence,
        on=day.on,
        currency=day.currency,
    )


def _bai2(day: Day) -> bytes:
    rows = [f"16,{175 if minor > 0 else 475},{abs(minor)},Z,{ref},,/" for minor, ref in day.rows]
    total = day.opening + day.closing + sum(abs(minor) for minor, _ref in day.rows)
    account = f"03,{day.number},{day.currency},010,{day.opening},,,015,{day.closing},,/"
    group = f"02,HMS,BANK,1,{day.on:%y%m%d},2400,{day.currency},2/"
    return test_bai2.file_of(account, *rows, total=total, group=group)


def _sided(minor: int, between: str) -> str:
    """As MT940 writes an amount: C or D, what stands between, the amount with a comma."""
    return f"{'C' if minor >= 0 else 'D'}{between}{_units(abs(minor)).replace('.', ',')}"


def _mt940(day: Day) -> bytes:
    rows = [f":61:{day.on:%y%m%d%m%d}{_sided(minor, '')}NTRFNONREF//{ref}" for minor, ref in day.rows]

    return make.mt940_file(
        *rows,
        number=day.sequence,
        opening=_sided(day.opening, f"{day.on:%y%m%d}{day.currency}"),
        closing=_sided(day.closing, f"{day.on:%y%m%d}{day.currency}"),
        account=day.number,
    )


def _ofx(day: Day) -> bytes:
    rows = [test_ofx.row(_units(minor), fitid=ref, posted=f"{day.on:%Y%m%d}") for minor, ref in day.rows]
    balance = f"<LEDGERBAL><BALAMT>{_units(day.closing)}<DTASOF>{day.on:%Y%m%d}</LEDGERBAL>"
    text = test_ofx.sgml(*rows, balance=balance).decode()
    text = text.replace("<ACCTID>123", f"<ACCTID>{day.number}").replace(
        "<CURDEF>USD", f"<CURDEF>{day.currency}"
    )
    text = text.replace("<DTSTART>20260301<DTEND>20260313", f"<DTSTART>{day.on:%Y%m%d}<DTEND>{day.on:%Y%m%d}")
    return text.encode()


def _cells(day: Day) -> list[list[str]]:
    rows, left = [["Date", "Amount", "Ref", "Left", "Account", "Currency"]], day.opening
    for minor, ref in day.rows:
        left += minor
        rows.append([day.on.isoformat(), _units(minor), ref, _units(left), day.number, day.currency])
    return rows


def _csv(day: Day) -> bytes:
    return "".join(",".join(row) + "\n" for row in _cells(day)).encode()


def _xlsx(day: Day) -> bytes:
    book, content = Workbook(), io.BytesIO()
    for row in _cells(day):
        book.active.append(row)
    book.save(content)
    return content.getvalue()


FILES: dict[str, Callable[[Day], bytes]] = {
    "camt": _camt,
    "bai2": _bai2,
    "mt940": _mt940,
    "ofx": _ofx,
    "csv": _csv,
    "xlsx": _xlsx,
}
