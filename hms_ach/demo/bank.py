"""The demo bank: what it books for what it was sent, with planted exceptions and their true causes."""

import json
import random
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from cashiering.queries import AwaitingBank, awaiting_bank
from hms_ach import calendars
from hms_ach.demo.network import Place
from reconciliation.formats.statement import Entry, Statement

OPENING_MINOR = 250_000_00

# Planted exceptions by day of the demo, counted from its first banking day: (facility, day) to kind.
PLANTED = {
    ("NORTH", 3): "late_deposit",
    ("NORTH", 6): "fee_difference",
    ("LAKE", 8): "unknown_credit",
    ("HARB", 9): "duplicate",
    ("NORTH", 9): "missing_card_batch",
    ("NORTH", 11): "fee_difference",
    ("LAKE", 12): "fee_difference",
    ("NORTH", 13): "fee_difference",
    ("HARB", 14): "late_deposit",
    ("LAKE", 15): "missing_card_batch",
    ("NORTH", 16): "unknown_credit",
    ("LAKE", 18): "unknown_credit",
    ("HARB", 18): "fee_difference",
    ("NORTH", 18): "duplicate",
    ("NORTH", 19): "fee_difference",
    ("HARB", 19): "unknown_credit",
    ("LAKE", 19): "duplicate",
}
HAPPENS_TO = {
    "late_deposit": "deposit",
    "duplicate": "deposit",
    "fee_difference": "card_batch",
    "missing_card_batch": "card_batch",
}


@dataclass
class Bank:
    """One account at the demo bank: its balance, what it has booked, and what it holds back."""

    place: Place
    rng: random.Random
    balance_minor: int = OPENING_MINOR
    sequence: int = 0
    booked: set[str] = field(default_factory=set)
    held: dict[str, date] = field(default_factory=dict)
    truth: list[dict] = field(default_factory=list)

    def statement(self, day: date) -> Statement:
        """The account's statement of one banking day, exceptions included."""
        self.sequence += 1
        planted = PLANTED.get((self.place.site.code, self.sequence), "")
        entries = []
        for item in self._due(day):
            entries += self._entries(item, day, planted)
            planted = "" if self._is_used(planted, item) else planted
        if planted == "unknown_credit":
            entries.append(self._unknown(day))
        opening, self.balance_minor = (
            self.balance_minor,
            self.balance_minor + sum(e.amount_minor for e in entries),
        )
        return Statement(
            account_number=self.place.bank_account.number,
            statement_id=f"{self.place.site.code}-{day:%Y%m%d}",
            currency=self.place.facility.currency,
            opening_minor=opening,
            closing_minor=self.balance_minor,
            from_on=day,
            to_on=day,
            sequence=self.sequence,
            owner=self.place.site.name,
            entries=tuple(entries),
        )

    def _due(self, day: date) -> list[AwaitingBank]:
        """What the bank books today: everything that has reached it and is not held back."""
        items = awaiting_bank(facility_ids=[self.place.facility.pk])
        arrived = [item for item in items if max(item.expected_on, self.held.get(item.public_id, day)) <= day]
        return [item for item in arrived if item.public_id not in self.booked]

    def fact_of(self, bank_reference: str) -> dict:
        """What an entry truly is, as the answer key has it."""
        return next(fact for fact in self.truth if fact["bank_reference"] == bank_reference)

    @staticmethod
    def _is_used(planted: str, item: AwaitingBank) -> bool:
        return item.kind == HAPPENS_TO.get(planted)

    def _entries(self, item: AwaitingBank, day: date, planted: str) -> list[Entry]:
        if not self._is_used(planted, item):
            return [self._entry(item, day, cause="")]
        if planted in ("late_deposit", "missing_card_batch"):
            self.held[item.public_id] = calendars.add_banking_days(day, 7)
            self._tell(item, planted, "")
            return []
        if planted == "fee_difference":
            return [self._entry(item, day, cause=planted, less_minor=self.rng.randrange(11_00, 39_00))]
        twice = self._entry(item, day, cause=planted)
        return [twice, twice]

    def _entry(self, item: AwaitingBank, day: date, *, cause: str, less_minor: int = 0) -> Entry:
        self.booked.add(item.public_id)
        fee = item.fee_rate.fee_of(item.amount).minor if item.fee_rate else 0
        reference = self._reference(day)
        self._tell(item, cause, reference)
        return Entry(
            amount_minor=item.amount.minor - fee - less_minor,
            currency=item.amount.currency,
            booked_on=day,
            value_on=day,
            bank_reference=reference,
            references=tuple(self._quoted(item, is_whole=bool(cause))),
            counterparty={"card_batch": "Meadow Merchant Services", "deposit": ""}.get(
                item.kind, "Insurer EFT"
            ),
            description={"card_batch": "Merchant settlement", "deposit": "Deposit"}.get(
                item.kind, "Electronic credit"
            ),
            code={"card_batch": "PMNT-MCRD-POSP", "deposit": "PMNT-CNTR-CDPT"}.get(
                item.kind, "PMNT-RCDT-ESCT"
            ),
        )

    def _quoted(self, item: AwaitingBank, *, is_whole: bool) -> list[str]:
        """The references as this bank writes them; now and then it leaves them out, unless is_whole."""
        quoted = [*item.references, *([item.payer] if item.payer else [])]
        if is_whole:
            return quoted
        if self.rng.random() < 0.06:
            return []
        if item.kind == "deposit" and self.rng.random() < 0.2:
            return [item.references[-1].lstrip("0")]
        return quoted

    def _unknown(self, day: date) -> Entry:
        reference = self._reference(day)
        amount = self.rng.randrange(40_00, 900_00)
        self.truth.append({"bank_reference": reference, "cause": "unknown_credit", "amount_minor": amount})
        return Entry(
            amount_minor=amount,
            currency=self.place.facility.currency,
            booked_on=day,
            value_on=day,
            bank_reference=reference,
            references=(f"WIRE{self.rng.randrange(10**6):06d}",),
            counterparty="Estate of a former patient",
            description="Incoming wire",
            code="PMNT-RCDT-XBCT",
        )

    def _reference(self, day: date) -> str:
        return f"{day:%y%m%d}{self.rng.randrange(10**8):08d}"

    def _tell(self, item: AwaitingBank, cause: str, reference: str) -> None:
        self.truth.append(
            {
                "bank_reference": reference,
                "kind": item.kind,
                "id": item.public_id,
                "amount_minor": item.amount.minor,
                "cause": cause or "none",
            }
        )


def banking_days(first: date, last: date) -> list[date]:
    """The days on which the demo bank makes statements."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in days if calendars.is_banking_day(day)]


def write_truth(banks: list[Bank], folder: Path) -> None:
    """The answer key: one JSON object a line, for each thing the bank did or left undone."""
    lines = [json.dumps({"facility": bank.place.site.code, **fact}) for bank in banks for fact in bank.truth]
    (folder / "truth.jsonl").write_text("\n".join(lines) + "\n")
