"""What a camt.053 file says, as values."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class Detail:
    """One transaction inside a batch entry (TxDtls). The amount may be missing: None, not zero."""

    amount_minor: int | None = None
    references: tuple[str, ...] = ()
    counterparty: str = ""


class Entry(NamedTuple):
    """One entry of a statement (Ntry).

    amount_minor  signed from the account's side, as CdtDbtInd says: a credit is positive. RvslInd
                  does not turn it: a credit that reverses a debit is a credit
    status        BOOK, PDNG, INFO or FUTR; only BOOK moves the balance
    references    every reference of the entry and its details, in file order, each once
    source_line   the line of the file the entry starts at
    """

    amount_minor: int
    currency: str
    booked_on: date
    value_on: date | None = None
    bank_reference: str = ""
    references: tuple[str, ...] = ()
    counterparty: str = ""
    description: str = ""
    code: str = ""
    status: str = "BOOK"
    is_reversal: bool = False
    details: tuple[Detail, ...] = ()
    source_line: int = 0


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement of a file (Stmt). Balances that the bank left out are None.

    entries  filled when written, and by read_all; empty from the streaming reader
    """

    account_number: str
    statement_id: str
    currency: str
    opening_minor: int | None
    closing_minor: int | None
    from_on: date | None = None
    to_on: date | None = None
    sequence: int | None = None
    created_at: datetime | None = None
    owner: str = ""
    entries: tuple[Entry, ...] = ()
    booked_minor: int = 0
    booked_count: int = 0
    source_line: int = 0

    @property
    def difference_minor(self) -> int | None:
        """Closing less what opening and the booked entries make; None where a balance is missing."""
        if self.opening_minor is None or self.closing_minor is None:
            return None
        return self.closing_minor - self.opening_minor - self.booked_minor
