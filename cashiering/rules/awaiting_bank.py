"""What the till awaits from the bank, as reconciliation sees it."""

from dataclasses import dataclass
from datetime import date

from cashiering.rules.card_fee import FeeRate
from hms_ach.money import Money


@dataclass(frozen=True, slots=True)
class AwaitingBank:
    """One sum the bank's statement should show.

    kind        "deposit", "lockbox", "payment" (a transfer), "refund", "cheque_return", "transfer_return";
                of cards "card_batch", "card_payout", "chargeback" or "chargeback_win"; of what was announced
                "remittance", "ach_file" or "ach_return"
    public_id   of the document; a refund that came back and went again has ".2" after it
    amount      gross, before any fee; below zero for what the bank pays out
    references  what the bank may quote for this sum alone: bag and slip, batch, end-to-end id
    payer       who pays, as the bank may name it: the merchant id that all batches share
    payer_name  the payer's name, where payer is its number
    terminal    the card terminal
    batch       its batch number, which comes again
    fee_rate    what the acquirer may keep of it; None when nothing
    """

    kind: str
    public_id: str
    facility_id: int
    amount: Money
    clearing_role: str
    reference: str
    references: list[str]
    expected_on: date
    earliest_on: date
    latest_on: date
    fee_rate: FeeRate | None = None
    payer: str = ""
    payer_name: str = ""
    terminal: str = ""
    batch: str = ""
