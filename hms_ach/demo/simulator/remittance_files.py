"""The remittances that payers send: X12 835, 005010X221A1, a file for each payer, account and day."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from hms_ach.demo.simulator.claims import Claim, Claims, Remittance, Service
from hms_ach.demo.simulator.knobs import Knobs
from hms_ach.demo.simulator.records import Fact, Group, Item
from hms_ach.demo.simulator.world import World
from hms_ach.money import Money

_METHODS = {"remittance": "ACH", "remittance_cheque": "CHK"}
_NPI = "1234567893"


class RemittanceFiles:
    """Paper explanations and card numbers come by mail, so that no file tells of them."""

    def __init__(self, knobs: Knobs, world: World, rng: random.Random) -> None:
        self.knobs, self.rng = knobs, rng
        self._tax_ids = {payer.name: payer.tax_id for payer in world.payers}
        self._claims = Claims(knobs, rng, {payer.name for payer in world.payers if payer.is_commercial})
        self._items: dict[tuple[str, str, date], list[Item]] = defaultdict(list)
        self._control = 0

    def take(self, group: Group) -> None:
        if group.kind == "remittance" and group.planted != "item_twice":
            for item in group.items:
                if item.kind in _METHODS:
                    self._items[item.payer, item.account, item.on].append(item)

    def write(self, folder: Path) -> Iterator[Fact]:
        """All files; a fact for whatever was planted in one."""
        folder.mkdir(exist_ok=True)
        for (payer, account, on), items in sorted(self._items.items(), key=lambda each: each[0]):
            made = [self._claims.remittance(item) for item in items]
            name = f"{self._tax_ids[payer]}-{account}-{on:%Y%m%d}"
            self._file(folder / f"{name}.835", payer, on, made)
            for number, remittance in enumerate(made, start=1):
                yield from remittance.facts
                if self.knobs.happens("sent_twice", self.rng):
                    again = folder / f"{name}-again-{number}.835"
                    self._file(again, payer, on, [remittance])
                    yield Fact("remittance", "sent_twice", [remittance.item.id, again.name])

    def _file(self, path: Path, payer: str, on: date, made: list[Remittance]) -> None:
        self._control += 1
        control, tax_id, day = f"{self._control:09d}", self._tax_ids[payer], f"{on:%Y%m%d}"
        rows = [
            f"ISA*00*{'':10}*00*{'':10}*30*{tax_id:15}*ZZ*{'HOSPITAL':15}*{on:%y%m%d}*0700*^*00501*{control}*0*P*:",
            f"GS*HP*{tax_id}*HOSPITAL*{day}*0700*{self._control}*X*005010X221A1",
        ]
        for number, remittance in enumerate(made, start=1):
            body = [*_head(remittance, payer, tax_id), *_claims(remittance), *_adjustments(remittance)]
            rows += [f"ST*835*{number:04}", *body, f"SE*{len(body) + 2}*{number:04}"]
        rows += [f"GE*{len(made)}*{self._control}", f"IEA*1*{control}"]
        path.write_text("".join(f"{row}~\n" for row in rows))


def _head(made: Remittance, payer: str, tax_id: str) -> list[str]:
    item = made.item
    trace = item.references[0]
    amount = item.amount_minor + (1_00 if made.broken == "E4" else 0)
    bank = f"01*111000025*DA*123456*{tax_id}**01*021000021*DA*987654*{item.on:%Y%m%d}"
    return [
        f"BPR*I*{_text(amount)}*C*{_METHODS[item.kind]}*CCP*{bank}",
        f"TRN*1*{trace}*{tax_id}",
        f"DTM*405*{item.on:%Y%m%d}",
        f"N1*PR*{payer.upper()}",
        f"N1*PE*HOSPITAL*XX*{_NPI}",
        "LX*1",
    ]


def _claims(made: Remittance) -> Iterator[str]:
    for number, claim in enumerate(made.claims):
        is_broken = number == len(made.claims) - 1
        yield from _claim(claim, made.broken if is_broken else "")


def _claim(claim: Claim, broken: str) -> Iterator[str]:
    charge, paid, patient = (claim.sum_of(name) for name in ("charge_minor", "paid_minor", "patient_minor"))
    charge += 1_00 if broken == "E2" else 0
    owed = "" if claim.status == 22 else _text(patient)
    yield f"CLP*{claim.number}*{claim.status}*{_text(charge)}*{_text(paid)}*{owed}*12*P{claim.number}*13*1"
    yield f"NM1*QC*1*PATIENT*{claim.number}"
    for number, service in enumerate(claim.services):
        yield from _service(service, is_broken=broken == "E1" and number == 0)


def _service(service: Service, *, is_broken: bool) -> Iterator[str]:
    charge = service.charge_minor + (1_00 if is_broken else 0)
    billed = f"*HC:{service.true_code}" if service.code.partition(":")[0] not in service.true_code else ""
    yield f"SVC*HC:{service.code}*{_text(charge)}*{_text(service.paid_minor)}**1{billed}"
    if service.contractual_minor:
        yield f"CAS*CO*45*{_text(service.contractual_minor)}"
    if service.patient_minor:
        yield f"CAS*PR*3*{_text(service.patient_minor)}"


def _adjustments(made: Remittance) -> Iterator[str]:
    for code, reference, amount in made.adjustments:
        yield f"PLB*{_NPI}*{made.item.on:%Y}1231*{code}:{reference}*{_text(amount)}"


def _text(minor: int) -> str:
    return str(Money(minor, "USD"))
