"""What patients paid at tills, terminals and the portal, and what went wrong about whose payment it was."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path

from hms_ach.demo.simulator.knobs import Knobs
from hms_ach.demo.simulator.records import Fact, Group, Item

COLUMNS = ("item_id", "account", "business_on", "tender", "patient", "amount_minor", "currency")
_TENDERS = ("cash", "cheque", "card", "portal")
_PATIENTS = 20_000


class ReceiptFiles:
    """receipts.csv: one row for each receipt, with the patient it was posted to."""

    def __init__(self, knobs: Knobs, rng: random.Random) -> None:
        self.knobs, self.rng = knobs, rng
        self._receipts: list[Item] = []
        self._remittances: list[str] = []

    def take(self, group: Group) -> None:
        self._receipts += [item for item in group.items if item.kind in _TENDERS]
        self._remittances += [item.id for item in group.items if item.kind == "remittance"]

    def write(self, folder: Path) -> Iterator[Fact]:
        """The table; a fact for each receipt with which something is wrong.

        A patient who paid twice has another receipt of the same amount, perhaps of another day.
        """
        twins: dict[tuple[str, int], tuple[str, str]] = {}
        with (folder / "receipts.csv").open("w", newline="") as target:
            writer = csv.writer(target)
            writer.writerow(COLUMNS)
            for item in sorted(self._receipts, key=lambda each: (each.on, each.id)):
                patient = f"P{self.rng.randrange(_PATIENTS):06d}"
                before = twins.get((item.account, item.amount_minor))
                if before and self.knobs.happens("paid_twice", self.rng):
                    other, patient = before
                    yield Fact("receipt", "paid_twice", [other, item.id], {"amount": item.amount_minor})
                elif self.knobs.happens("wrong_patient", self.rng):
                    posted = f"P{self.rng.randrange(_PATIENTS):06d}"
                    yield Fact(
                        "receipt", "wrong_patient", [item.id], {"patient": patient, "posted_to": posted}
                    )
                    patient = posted
                elif self._remittances and self.knobs.happens("paid_by_both", self.rng):
                    paid_too = self.rng.choice(self._remittances)
                    yield Fact("receipt", "paid_by_both", [item.id, paid_too], {"amount": item.amount_minor})
                twins[item.account, item.amount_minor] = (item.id, patient)
                writer.writerow(
                    (item.id, item.account, item.on, item.kind, patient, item.amount_minor, item.currency)
                )
