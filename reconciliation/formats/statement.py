"""What a bank's file says, as values: the one shape that every reader yields."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import NamedTuple

# What the codes of ISO 20022 (external code sets) say in words; a format's own codes are in none.
BALANCE_WORDS = {
    "OPBD": "Opening booked balance",
    "PRCD": "Previously closed booked balance",
    "CLBD": "Closing booked balance",
    "ITBD": "Interim booked balance",
    "OPAV": "Opening available balance",
    "CLAV": "Closing available balance",
    "ITAV": "Interim available balance",
    "FWAV": "Forward available balance",
    "XPCD": "Expected balance",
    "INFO": "Balance for information",
}
STATUS_WORDS = {"BOOK": "Booked", "PDNG": "Pending", "INFO": "For information", "FUTR": "In the future"}


class Kind(StrEnum):
    """What a report is: only a final statement moves the balance for good."""

    FINAL = "FINAL"  # camt.053, MT940, BAI2 previous day, OFX, CSV: the bank stands by it
    INTERIM = "INTERIM"  # camt.052, MT942, BAI2 same day: may still change
    NOTICE = "NOTICE"  # camt.054: single entries told at once


@dataclass(frozen=True, slots=True)
class Detail:
    """One transaction inside a batch entry (TxDtls). The amount may be missing: None, not zero."""

    amount_minor: int | None = None
    references: tuple[str, ...] = ()
    counterparty: str = ""
    description: str = ""


class Entry(NamedTuple):
    """One entry of a statement.

    amount_minor  signed from the account's side: a credit is positive. That it reverses another does
                  not turn it: a credit that reverses a debit is a credit
    booked_on     None only in interim reports and notices that leave the day open
    status        BOOK, PDNG, INFO or FUTR; only BOOK moves the balance
    references    every reference of the entry and its details, in file order, each once
    source_line   the line of the file the entry starts at
    raw           the record as it stands in a file of lines; "" in XML, whose line leads to it
    """

    amount_minor: int
    currency: str
    booked_on: date | None
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
    raw: str = ""

    @property
    def status_words(self) -> str:
        return STATUS_WORDS.get(self.status, self.status)


class Balance(NamedTuple):
    """One balance as the bank names it: OPBD, CLBD, CLAV, or the format's own code."""

    code: str
    amount_minor: int
    currency: str
    on: date | None
    source_line: int

    @property
    def words(self) -> str:
        """ "Opening booked balance (OPBD)"; the bare code where it is a format's own."""
        said = BALANCE_WORDS.get(self.code)
        return f"{said} ({self.code})" if said else self.code


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement or report of a file. Balances that the bank left out are None.

    statement_id  "" in formats that number nothing (OFX, CSV): whoever keeps it names it
    page          which part of it this is, from 1; `is_last_page` says whether it ends here
    balances      every balance in file order, the opening and closing ones among them
    entries       filled when written, and by read_all; empty from the streaming readers
    booked_minor  the sum of its booked entries, booked_count their number
    source_line   where it starts, last_line where it ends
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
    last_line: int = 0
    kind: Kind = Kind.FINAL
    page: int = 1
    is_last_page: bool = True
    balances: tuple[Balance, ...] = ()
    other_count: int = 0

    @property
    def difference_minor(self) -> int | None:
        """Closing less what opening and the booked entries make; None where a balance is missing."""
        if self.opening_minor is None or self.closing_minor is None:
            return None
        return self.closing_minor - self.opening_minor - self.booked_minor
