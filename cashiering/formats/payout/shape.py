"""What a processor's report says, whatever processor wrote it."""

from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from hms_ach.refusal import Finding


class PartKind(StrEnum):
    """What one row of a payout is about."""

    BATCH = "BATCH"
    CHARGEBACK = "CHARGEBACK"
    WON = "WON"
    FEE = "FEE"


class PayoutPart(NamedTuple):
    """One row. Amounts in minor units; net = gross - fee - chargebacks.

    fee          what the processor keeps; below zero what it gives back
    chargebacks  what it takes back; below zero for one that was won
    cases        the processor's numbers of what it takes back
    sales        how many the batch has, None where the report does not say
    """

    line: int
    kind: PartKind
    terminal: str
    batch: str
    cases: tuple[str, ...]
    sales: int | None
    gross_minor: int
    fee_minor: int
    chargebacks_minor: int

    @property
    def net_minor(self) -> int:
        return self.gross_minor - self.fee_minor - self.chargebacks_minor


@dataclass(slots=True)
class PayoutSaid:
    """What the bank will show as one sum. reference: as its line quotes it."""

    line: int
    reference: str
    paid_on: date
    merchant_id: str
    currency: str
    parts: list[PayoutPart] = field(default_factory=list)

    @property
    def net_minor(self) -> int:
        return sum(part.net_minor for part in self.parts)


@dataclass(slots=True)
class PayoutReport:
    """A whole file."""

    payouts: list[PayoutSaid]
    findings: list[Finding]
