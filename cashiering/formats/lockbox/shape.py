"""What a lockbox file says, whatever bank wrote it."""

from dataclasses import dataclass, field
from datetime import date

from hms_ach.refusal import Finding


# Neither stubs nor cheques are frozen: of a file of them, freezing took as long as the floor of reading.
@dataclass(slots=True)
class LockboxStub:
    """What of a cheque is for one invoice. amount_minor in cents."""

    invoice: str
    amount_minor: int


@dataclass(slots=True)
class LockboxCheque:
    """One cheque. problem: why its stubs prove nothing, in words; "" where they add up to it.

    account  as the bank read it from the cheque: the payer's bank account
    """

    line: int
    batch: str
    item: str
    amount_minor: int
    routing: str
    account: str
    number: str
    stubs: list[LockboxStub] = field(default_factory=list)
    problem: str = ""


@dataclass(slots=True)
class LockboxDeposit:
    """What one lockbox received on one day, as the bank credits it."""

    line: int
    lockbox: str
    deposited_on: date
    cheques: list[LockboxCheque] = field(default_factory=list)

    @property
    def total_minor(self) -> int:
        return sum(cheque.amount_minor for cheque in self.cheques)


@dataclass(slots=True)
class LockboxFile:
    """A whole file."""

    origin: str
    created_on: date
    deposits: list[LockboxDeposit]
    findings: list[Finding]
