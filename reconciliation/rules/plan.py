"""What a match will be made of, and the journal that follows from it."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """A bank line or an expected item in a plan: its id, amount, and what names it in the book."""

    id: int
    amount_minor: int
    role: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Adjustment:
    """What is neither line nor item. amount_minor as posted: a debit is positive."""

    role: str
    amount_minor: int
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Lines, items and adjustments; it balances when lines + adjustments = items."""

    lines: tuple[Part, ...]
    items: tuple[Part, ...]
    adjustments: tuple[Adjustment, ...] = ()

    @property
    def difference_minor(self) -> int:
        """Items less lines: what adjustments must make up, a debit being positive."""
        return sum(item.amount_minor for item in self.items) - sum(line.amount_minor for line in self.lines)

    @property
    def is_balanced(self) -> bool:
        return self.difference_minor == sum(each.amount_minor for each in self.adjustments)

    def closed_by(self, role: str, reference: str = "", *, fee_minor: int = 0) -> "Plan":
        """The same plan with its difference on one account role.

        fee_minor  contracted fee of the items: a line that is short by more is short by the fee first
        """
        fee = fee_minor if 0 < fee_minor < self.difference_minor else 0
        parts = (Adjustment("fee.merchant", fee), Adjustment(role, self.difference_minor - fee, reference))
        return Plan(self.lines, self.items, tuple(part for part in parts if part.amount_minor))

    def taken_back_by(self, line_id: int) -> "Plan":
        """The plan of a line that takes this one's only line back: all else of its journal turned round."""
        (line,) = self.lines
        rows = [(item.role, item.amount_minor, item.reference) for item in self.items]
        rows += [(each.role, -each.amount_minor, each.reference) for each in self.adjustments]
        turned = tuple(Adjustment(*row) for row in rows if row[1])
        return Plan((Part(line_id, -line.amount_minor, line.role, line.reference),), (), turned)

    def journal(self) -> list[dict[str, Any]]:
        """The postings, debits first: bank for the lines, clearing for the items, adjustments as said."""
        postings = [(line.role, line.amount_minor, line.reference) for line in self.lines]
        postings += [(each.role, each.amount_minor, each.reference) for each in self.adjustments]
        postings += [(item.role, -item.amount_minor, item.reference) for item in self.items]
        summed: dict[tuple[str, str], int] = {}
        for role, minor, reference in postings:
            summed[role, reference] = summed.get((role, reference), 0) + minor
        rows = [
            {"role": role, "amount_minor": minor, "reference": reference}
            for (role, reference), minor in summed.items()
            if minor
        ]
        return sorted(rows, key=lambda row: (row["amount_minor"] < 0, row["role"], row["reference"]))

    def as_json(self) -> dict[str, Any]:
        return {
            "lines": [line.id for line in self.lines],
            "items": [item.id for item in self.items],
            "adjustments": [[each.role, each.amount_minor, each.reference] for each in self.adjustments],
        }


def adjustments_from(rows: Sequence[Sequence[Any]]) -> tuple[Adjustment, ...]:
    return tuple(Adjustment(role, minor, reference) for role, minor, reference in rows)
