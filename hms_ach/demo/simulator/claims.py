"""What a payment is made of: claims with their lines, provider adjustments, and what goes wrong with them."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field

from hms_ach.demo.simulator.knobs import Knobs
from hms_ach.demo.simulator.records import Fact, Item

_SERVICES = ("99213:25", "99284:25", "71046:26", "80053:90", "93010:26", "36415:59", "97110:GP", "74177:TC")
_OTHER_CODES = {"99213": "99212", "99284": "99283", "74177": "74176"}
_PLB = {"plb_takeback": ("WO", 1), "plb_interest": ("L6", -1), "plb_other": ("CS", 1)}


@dataclass
class Service:
    """One line (SVC). true_code: what the hospital billed."""

    code: str
    true_code: str
    charge_minor: int
    paid_minor: int
    contractual_minor: int
    patient_minor: int


@dataclass
class Claim:
    """One claim (CLP). status: 1 paid as primary, 22 reversed."""

    number: str
    status: int
    services: list[Service]

    def sum_of(self, name: str) -> int:
        return sum(getattr(service, name) for service in self.services)


@dataclass
class Remittance:
    """One payment (ST to SE) of `item`. broken: the equation that does not hold, "" when all do."""

    item: Item
    claims: list[Claim] = field(default_factory=list)
    adjustments: list[tuple[str, str, int]] = field(default_factory=list)
    broken: str = ""
    facts: list[Fact] = field(default_factory=list)


class Claims:
    """Makes the claims of a remittance: they add up to its payment unless that is planted."""

    def __init__(self, knobs: Knobs, rng: random.Random, commercial: set[str]) -> None:
        self.knobs, self.rng, self.commercial = knobs, rng, commercial
        self._number = 0

    def remittance(self, item: Item) -> Remittance:
        made = Remittance(item)
        wanted = item.amount_minor
        for name, (code, sign) in _PLB.items():
            if self.knobs.happens(name, self.rng):
                amount = sign * self.rng.randint(1_00, max(2_00, item.amount_minor // 10))
                made.adjustments.append((code, f"{self.rng.randrange(10**8):08d}", amount))
                made.facts.append(Fact("adjustment", name, [item.id], {"amount": amount, "code": code}))
                wanted += amount
        wanted -= self._reversals(made)
        for part in self._parts(max(wanted, 1)):
            made.claims.append(self._claim(made, part))
        self._break(made)
        return made

    def _parts(self, total: int) -> Iterator[int]:
        """One to six claims that make up the total."""
        count = min(self.rng.randint(1, 6), total)
        cuts = sorted(self.rng.sample(range(1, total), count - 1)) if count > 1 else []
        yield from (last - first for first, last in zip([0, *cuts], [*cuts, total], strict=True))

    def _claim(self, made: Remittance, paid: int) -> Claim:
        claim = Claim(self._next(), 1, [])
        share = self.rng.uniform(0.1, 0.9)
        parts = [round(paid * share), paid - round(paid * share)] if self.rng.random() < 0.5 else [paid]
        for part in parts:
            claim.services.append(self._service(made, claim.number, part))
        if made.item.payer in self.commercial and self.knobs.happens("underpaid", self.rng):
            off = self.rng.uniform(0.05, 0.25)
            expected = {"expected_minor": round(paid / (1 - off)), "amount": paid}
            made.facts.append(Fact("claim", "underpaid", [claim.number, made.item.id], expected))
        return claim

    def _service(self, made: Remittance, claim: str, paid: int) -> Service:
        true_code = self.rng.choice(_SERVICES)
        code, _, modifier = true_code.partition(":")
        shown = true_code
        if self.knobs.happens("line_no_modifier", self.rng):
            shown = code
            made.facts.append(Fact("claim_line", "line_no_modifier", [claim], {"billed": true_code}))
        elif code in _OTHER_CODES and self.knobs.happens("line_other_code", self.rng):
            shown = f"{_OTHER_CODES[code]}:{modifier}"
            made.facts.append(Fact("claim_line", "line_other_code", [claim], {"billed": true_code}))
        patient = self.rng.choice([0, 0, 20_00, 25_00, 50_00])
        contractual = round((paid + patient) * self.rng.uniform(0.4, 2.0))
        return Service(shown, true_code, paid + patient + contractual, paid, contractual, patient)

    def _reversals(self, made: Remittance) -> int:
        """Adds a reversed claim, with its correction or alone; what both pay together."""
        if self.knobs.happens("reversal_corrected", self.rng):
            planted = "reversal_corrected"
        elif self.knobs.happens("reversal_alone", self.rng):
            planted = "reversal_alone"
        else:
            return 0
        paid, number = self.rng.randint(50_00, 900_00), self._next()
        patient, contractual, code = 20_00, paid // 2, self.rng.choice(_SERVICES)
        back = Service(code, code, -paid - patient - contractual, -paid, -contractual, -patient)
        made.claims.append(Claim(number, 22, [back]))
        made.facts.append(Fact("claim", planted, [number, made.item.id], {"amount": -paid}))
        if planted == "reversal_alone":
            return -paid
        again = paid * 9 // 10
        right = Service(code, code, -back.charge_minor, again, contractual + paid - again, patient)
        made.claims.append(Claim(number, 1, [right]))
        return again - paid

    def _break(self, made: Remittance) -> None:
        if self.knobs.happens("unbalanced", self.rng):
            made.broken = self.rng.choice(["E1", "E2", "E4"])
            made.facts.append(Fact("remittance", "unbalanced", [made.item.id], {"equation": made.broken}))

    def _next(self) -> str:
        self._number += 1
        return f"C{self._number:08d}"
