"""What the simulator writes: lines, expected items, and which of them truly belong together."""

from dataclasses import dataclass, field
from datetime import date


@dataclass
class Item:
    """What the till or a payer announced: one receipt, cheque, drop, remittance or file."""

    id: str
    account: str
    kind: str
    on: date
    amount_minor: int
    fee_minor: int = 0
    payer: str = ""
    terminal: str = ""
    batch: str = ""
    references: list[str] = field(default_factory=list)
    description: str = ""
    currency: str = "USD"


@dataclass
class Line:
    """What the bank booked."""

    id: str
    account: str
    kind: str
    on: date
    amount_minor: int
    bank_reference: str = ""
    references: list[str] = field(default_factory=list)
    counterparty: str = ""
    description: str = ""
    currency: str = "USD"


@dataclass
class Group:
    """Lines and items that truly belong together; one of the sides may be empty.

    kind     what it is: remittance, lockbox, bag, cheque_deposit, card, payout, ach, return, …
    planted  what went wrong on purpose, "" when nothing did
    """

    kind: str
    planted: str = ""
    lines: list[Line] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)

    @property
    def parts(self) -> list[Line | Item]:
        return [*self.lines, *self.items]

    @property
    def has_answer(self) -> bool:
        return bool(self.lines and self.items)


@dataclass
class Fact:
    """Something true that no line shows by itself: an underpaid claim, a statement that came twice.

    about  ids, numbers and file names that it is about
    more   what else is true of it, by name
    """

    kind: str
    planted: str
    about: list[str]
    more: dict = field(default_factory=dict)
