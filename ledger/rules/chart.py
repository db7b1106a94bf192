"""A chart of accounts as people send it: rows checked one by one, and as a whole."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from hms_ach.money import CURRENCIES
from hms_ach.refusal import Finding

COLUMNS = ("number", "name", "class", "normal_side", "currency", "active_from", "active_until", "parent")
NEEDED = COLUMNS[:3]
CLASSES = {"asset": "DEBIT", "liability": "CREDIT", "net_assets": "CREDIT", "revenue": "CREDIT"} | {
    "expense": "DEBIT"
}
# What accountants write, beside the class's own name.
_CLASS_WORDS = {
    **{name: name for name in CLASSES},
    **dict.fromkeys(("a", "assets"), "asset"),
    **dict.fromkeys(("l", "liabilities"), "liability"),
    **dict.fromkeys(("equity", "fund_balance", "net_asset"), "net_assets"),
    **dict.fromkeys(("r", "revenues", "income"), "revenue"),
    **dict.fromkeys(("e", "expenses", "cost", "costs"), "expense"),
}
_SIDE_WORDS = {
    **dict.fromkeys(("debit", "d", "dr", "dr.", "debits"), "DEBIT"),
    **dict.fromkeys(("credit", "c", "cr", "cr.", "credits"), "CREDIT"),
}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
RULE = "Chart of accounts, docs/ledger.md"


@dataclass(frozen=True, slots=True)
class ChartRow:
    """One account of a chart file; parent is the number of the account above it, "" at the top."""

    line: int
    number: str
    name: str
    natural_class: str
    normal_side: str
    currency: str | None
    active_from: date
    active_until: date | None
    parent: str

    @property
    def class_label(self) -> str:
        return _label(self.natural_class)

    @property
    def side_label(self) -> str:
        return _label(self.normal_side)


@dataclass(frozen=True, slots=True)
class Chart:
    """What a file says: its good rows, everything wrong with it, and the totals that control it."""

    rows: tuple[ChartRow, ...]
    findings: tuple[Finding, ...]

    @property
    def by_class(self) -> list[tuple[str, int]]:
        """How many accounts of each natural class, in the order of the classes."""
        counted = Counter(row.natural_class for row in self.rows)
        return [(_label(name), counted[name.upper()]) for name in CLASSES]


def read_chart(
    cells: Iterable[tuple[int, dict[str, str]]], *, total: tuple[int, str] | None, default_from: date
) -> Chart:
    """Check rows as the formats give them: (line, cell by column).

    total         line and text of the trailer that counts the accounts, None without one
    default_from  the day an account is used from where its cell is empty
    """
    rows: list[ChartRow] = []
    findings: list[Finding] = []
    n_read = 0
    for line, cell in cells:
        n_read += 1
        wrong = _wrong(line, cell)
        findings += wrong
        if not wrong:
            rows.append(_row(line, cell, default_from))
    findings += _wrong_order(rows) + _twice(rows)
    if total is not None and total[1] != str(n_read):
        findings.append(
            Finding(
                total[0],
                "TOTAL",
                total[1],
                RULE,
                f"the trailer counts other than the {n_read} accounts read; send the whole file, or mend it",
            )
        )
    return Chart(tuple(rows), tuple(sorted(findings, key=lambda finding: finding.line)))


def parents_wrong(rows: Sequence[ChartRow], standing: dict[str, tuple[str, str]]) -> list[Finding]:
    """Parents that are missing, of another class, or that lead back to their child.

    standing  number → (natural class, parent's number) of the accounts there are already
    """
    above = standing | {row.number: (row.natural_class, row.parent) for row in rows}
    findings = []
    for row in rows:
        if not row.parent:
            continue
        if row.parent not in above:
            problem = "is no account of this chart; add a row for it, or correct the number"
        elif above[row.parent][0] != row.natural_class:
            problem = f"is of class {above[row.parent][0].lower()}; an account stands below its own class"
        elif _leads_back(row.number, above):
            problem = "leads back to this account; let one of them stand at the top"
        else:
            continue
        findings.append(Finding(row.line, "parent", row.parent, RULE, problem))
    return findings


def _leads_back(number: str, above: dict[str, tuple[str, str]]) -> bool:
    seen = {number}
    at = above[number][1]
    while at and at in above:
        if at in seen:
            return True
        seen.add(at)
        at = above[at][1]
    return False


def _wrong(line: int, cell: dict[str, str]) -> list[Finding]:
    problems: list[tuple[str, str]] = []
    for column in NEEDED:
        if not cell.get(column):
            problems.append((column, "is empty; every account needs one"))
    for column, longest in (("number", 20), ("name", 120), ("parent", 20)):
        if len(cell.get(column, "")) > longest:
            problems.append((column, f"has more than {longest} characters; shorten it"))
    for column in ("number", "name", "parent"):
        if not cell.get(column, "").isprintable():
            problems.append((column, "has a character that cannot be printed; type it anew"))
    if cell.get("class") and not _class_of(cell):
        problems.append(("class", f"is none of {', '.join(map(_label, CLASSES))}; write one of these"))
    if cell.get("normal_side") and not _side_of(cell):
        problem = "is neither debit nor credit; write debit (or D, Dr), credit (or C, Cr), or leave it empty"
        problems.append(("normal_side", problem))
    if cell.get("currency") and cell["currency"].upper() not in CURRENCIES:
        problems.append(("currency", "is no ISO 4217 code; write one such as USD, or leave it empty"))
    for column in ("active_from", "active_until"):
        if cell.get(column) and _day(cell[column]) is None:
            problems.append((column, "is no day; write it as 2026-01-31"))
    return [Finding(line, column, cell.get(column, ""), RULE, problem) for column, problem in problems]


def _wrong_order(rows: Sequence[ChartRow]) -> list[Finding]:
    return [
        Finding(
            row.line,
            "active_until",
            str(row.active_until),
            RULE,
            "is not after active_from; write a later day, or leave it empty",
        )
        for row in rows
        if row.active_until and row.active_until <= row.active_from
    ]


def _twice(rows: Sequence[ChartRow]) -> list[Finding]:
    first: dict[str, int] = {}
    findings = []
    for row in rows:
        if row.number in first:
            problem = f"stands on line {first[row.number]} already; each account has one row"
            findings.append(Finding(row.line, "number", row.number, RULE, problem))
        first.setdefault(row.number, row.line)
    return findings


def _row(line: int, cell: dict[str, str], default_from: date) -> ChartRow:
    natural_class = _class_of(cell)
    return ChartRow(
        line=line,
        number=cell["number"],
        name=cell["name"],
        natural_class=natural_class.upper(),
        normal_side=_side_of(cell) or CLASSES[natural_class],
        currency=cell.get("currency", "").upper() or None,
        active_from=_day(cell.get("active_from", "")) or default_from,
        active_until=_day(cell.get("active_until", "")),
        parent=cell.get("parent", ""),
    )


def _class_of(cell: dict[str, str]) -> str:
    """The class that the cell names, one of CLASSES; empty for a word that names none."""
    return _CLASS_WORDS.get(cell["class"].lower().replace(" ", "_"), "")


def _side_of(cell: dict[str, str]) -> str:
    return _SIDE_WORDS.get(cell.get("normal_side", "").lower(), "")


def _label(name: str) -> str:
    return name.replace("_", " ").capitalize()


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else None
    except ValueError:
        return None
