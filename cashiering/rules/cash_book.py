"""The cash book's columns, and how its lines are added up by place."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from hms_ach.money import Money

# What is in which column, in the words that the page, its files and docs/till.md share.
DEFINITION = (
    "What each place held of each tender at the day's start and end by the book, and how it moved. Receipts: "
    "payments with voids and returns, and what was paid in. Paid out: refunds and paid-outs. Handed on: "
    "floats, drops, handovers and emptied drawers, inside the house. To the bank: deposits that left, and "
    "cards and transfers that the bank paid. Other: over and short, false notes, corrections. What left is "
    "below zero; closing is the sum. A drawer that runs and is not counted stays unknown."
)
TENDERS = {
    "cash.drawer": "Cash",
    "cash.safe": "Cash",
    "cheque.drawer": "Cheque",
    "card.clearing": "Card",
    "transfer.clearing": "Transfer",
}
ROLES = tuple(TENDERS)
COLUMNS = ("opening", "receipts", "payments", "handed", "deposits", "other", "closing")
# How lines can be added up: by cash point, department, site or institution.
LEVELS = {
    "place": "Cash point",
    "department": "Department",
    "site": "Site",
    "institution": "Institution",
}


@dataclass(frozen=True, slots=True)
class CashBookRow:
    """One line of the book; figures are None while a drawer that runs is not counted.

    place   the cash point, "Safe", or "Without a register"
    now     what the closing is by the book as it stands, where the page was written with another one
    """

    facility_id: int
    site: str
    institution: str
    department: str
    place: str
    role: str
    register_id: int | None
    department_id: int | None
    currency: str
    figures: tuple[Money, ...] | None
    now: Money | None = None

    @property
    def tender(self) -> str:
        return TENDERS[self.role]

    @property
    def closing(self) -> Money | None:
        return self.figures[-1] if self.figures else None


def added_up(rows: Sequence[CashBookRow], level: str) -> list[CashBookRow]:
    """The rows of one level, tender and currency as one; unknown where a part of it is."""
    if level == "place":
        return list(rows)
    found: dict[tuple[Any, ...], CashBookRow] = {}
    for row in rows:
        narrow = _named(row, level)
        key = (narrow.institution, narrow.site, narrow.department, narrow.tender, narrow.currency)
        before = found.get(key)
        found[key] = narrow if before is None else replace(before, figures=_sum(before, narrow))
    return list(found.values())


def _named(row: CashBookRow, level: str) -> CashBookRow:
    """The row with what its level says and nothing below; drawer and safe are one there."""
    return replace(
        row,
        place="",
        register_id=None,
        now=None,
        department=row.department if level == "department" else "",
        department_id=None,
        site=row.site if level != "institution" else "",
    )


def _sum(left: CashBookRow, right: CashBookRow) -> tuple[Money, ...] | None:
    if left.figures is None or right.figures is None:
        return None
    return tuple(a + b for a, b in zip(left.figures, right.figures, strict=True))
