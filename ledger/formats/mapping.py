"""A map and a general ledger's chart as tables that people fill in: CSV or XLSX."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from hms_ach.refusal import FileRejected, Finding
from ledger.formats.gl_batch import csv_row
from ledger.formats.sheet import SheetRow, read_sheet

_RULE_COLUMNS = ["category", "facility", "payer_class", "tender", "valid_from", "valid_until"]
_ACCOUNT_REQUIRED = ["code", "name", "class"]
_ACCOUNT_OPTIONAL = ["active_from", "active_until"]
_CLASSES = ["ASSET", "LIABILITY", "NET_ASSETS", "REVENUE", "EXPENSE"]
_BEGINNING = date(2000, 1, 1)


@dataclass(frozen=True, slots=True)
class RuleRow:
    line: int
    category: str
    facility: str
    payer_class: str
    tender: str
    segments: tuple[str, ...]
    valid_from: date
    valid_until: date | None


@dataclass(frozen=True, slots=True)
class AccountRow:
    line: int
    code: str
    name: str
    natural_class: str
    active_from: date
    active_until: date | None


def column_of(segment_name: str) -> str:
    """The column that holds a segment: "Cost centre" is cost_centre."""
    return segment_name.strip().lower().replace(" ", "_")


def read_rules(content: bytes, *, segment_names: Sequence[str], since: date) -> list[RuleRow]:
    """The rules of a map: a column for each segment, and an empty cell for whatever does not matter.

    since  the first day of a rule that names none

    Raises FileRejected with every finding of every row; nothing is used then.
    """
    segments = [column_of(name) for name in segment_names]
    rows = read_sheet(content, required=["category", *segments], optional=_RULE_COLUMNS[1:])
    return _all(rows, lambda row: _rule(row, segments, since))


def read_accounts(content: bytes) -> list[AccountRow]:
    """The general ledger's chart. Raises FileRejected with every finding of every row."""
    rows = read_sheet(content, required=_ACCOUNT_REQUIRED, optional=_ACCOUNT_OPTIONAL)
    accounts = _all(rows, _account)
    seen: dict[str, int] = {}
    for account in accounts:
        if account.code in seen:
            raise FileRejected(account.line, f"{account.code} stands in line {seen[account.code]} already")
        seen[account.code] = account.line
    return accounts


def write_rules(rows: Iterable[RuleRow], *, segment_names: Sequence[str]) -> Iterator[bytes]:
    """The rules as read_rules reads them."""
    yield csv_row([*_RULE_COLUMNS[:4], *[column_of(name) for name in segment_names], *_RULE_COLUMNS[4:]])
    for row in rows:
        until = row.valid_until.isoformat() if row.valid_until else ""
        key = [row.category, row.facility, row.payer_class, row.tender]
        yield csv_row([*key, *row.segments, row.valid_from.isoformat(), until])


def _all(rows: Sequence[SheetRow], read: Callable) -> list:
    found, findings = [], []
    for row in rows:
        try:
            found.append(read(row))
        except _Wrong as wrong:
            findings.append(wrong.finding)
    if findings:
        first = findings[0]
        more = f" (and {len(findings) - 1} more rows)" if len(findings) > 1 else ""
        raise FileRejected(first.line, f"{first.problem}{more}", findings)
    if not rows:
        raise FileRejected(1, "there is no row under the heading")
    return found


class _Wrong(Exception):
    def __init__(self, row: SheetRow, field: str, problem: str) -> None:
        super().__init__(problem)
        value = row.values.get(field, "")
        self.finding = Finding(row.line, field, value, "the map's own columns", problem)


def _rule(row: SheetRow, segments: Sequence[str], since: date) -> RuleRow:
    if not row.values["category"]:
        raise _Wrong(row, "category", "the category is missing")
    valid_from = _day(row, "valid_from", since)
    valid_until = _day(row, "valid_until", None)
    assert valid_from is not None
    if valid_until and valid_until <= valid_from:
        raise _Wrong(row, "valid_until", "the rule ends before it begins")
    return RuleRow(
        line=row.line,
        category=row.values["category"],
        facility=row.values.get("facility", ""),
        payer_class=row.values.get("payer_class", "").upper(),
        tender=row.values.get("tender", "").upper(),
        segments=tuple(row.values[segment] for segment in segments),
        valid_from=valid_from,
        valid_until=valid_until,
    )


def _account(row: SheetRow) -> AccountRow:
    natural_class = row.values["class"].upper().replace(" ", "_")
    if not row.values["code"]:
        raise _Wrong(row, "code", "the code is missing")
    if natural_class not in _CLASSES:
        raise _Wrong(row, "class", f"the class is none of {', '.join(_CLASSES)}")
    active_from = _day(row, "active_from", _BEGINNING)
    active_until = _day(row, "active_until", None)
    assert active_from is not None
    if active_until and active_until <= active_from:
        raise _Wrong(row, "active_until", "the account ends before it begins")
    return AccountRow(
        row.line, row.values["code"], row.values["name"], natural_class, active_from, active_until
    )


def _day(row: SheetRow, column: str, missing: date | None) -> date | None:
    text = row.values.get(column, "")
    if not text:
        return missing
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _Wrong(row, column, f"{column} is no date like 2026-01-31") from error
