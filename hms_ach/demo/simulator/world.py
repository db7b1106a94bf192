"""The invented network: hospitals with accounts, payers with habits, terminals with merchants."""

import random
from dataclasses import dataclass, field

from hms_ach.demo.simulator.knobs import FORMATS, Knobs

_FIRST = (
    "Blue Cedar Crown Delta Evergreen Frontier Granite Harbor Iron Juniper Keystone Lantern Meridian North"
).split()
_SECOND = "Health Care Life Mutual Plan Shield Benefit Assurance".split()


@dataclass
class Payer:
    """One payer: how it is called, how it is written, its trace numbers and its habits."""

    name: str
    tax_id: str
    variants: list[str]
    prefix: str
    next_trace: int
    mean: float
    weight: float
    is_capitation: bool = False
    is_commercial: bool = False

    def trace(self) -> str:
        self.next_trace += 1
        return f"{self.prefix}{self.next_trace:07d}"


@dataclass
class Terminal:
    number: str
    merchant: str
    next_batch: int


@dataclass
class Hospital:
    """One hospital: an operating account for payers, a deposit account for the till and its cards."""

    code: str
    operating: str
    deposits: str
    terminals: list[Terminal]
    merchant_fee: float
    is_net: bool
    pays_by_day: bool
    style: str
    next_bag: int
    next_lockbox: int
    next_slip: int
    used: dict[str, int] = field(default_factory=dict)


@dataclass
class World:
    payers: list[Payer]
    hospitals: list[Hospital]


def build_world(knobs: Knobs, rng: random.Random) -> World:
    names = rng.sample([f"{first} {second}" for first in _FIRST for second in _SECOND], 30)
    payers = [_payer(name, rank, rng) for rank, name in enumerate(names)]
    hospitals = [_hospital(number, knobs, rng) for number in range(1, knobs.hospitals + 1)]
    return World(payers, hospitals)


def _payer(name: str, rank: int, rng: random.Random) -> Payer:
    tax_id = f"1{rng.randrange(10**9):09d}"
    short = name.upper().replace(" ", "")
    variants = [
        name.upper(),
        f"{name.upper()} INS CO",
        short[:16],
        f"{name.upper()} HCCLAIMPMT",
        f"{short[:10]} EFT",
    ]
    # Two neighbours among the payers write their traces alike, so that one number can be both's.
    prefix = rng.choice(["", "EFT", "9", "C", f"{rank // 2:02d}"])
    return Payer(
        name, tax_id, variants[: rng.randint(3, 5)], prefix, rng.randrange(10**6),
        mean=rng.uniform(6.5, 9.0), weight=1 / (rank + 2), is_capitation=rank % 10 == 9,
        is_commercial=rank % 5 < 3,
    )  # fmt: skip


def _hospital(number: int, knobs: Knobs, rng: random.Random) -> Hospital:
    code = f"H{number:02d}"
    merchants = [f"{rng.randrange(10**11, 10**12)}" for _ in range(3)]
    terminals = [
        Terminal(f"{rng.randrange(10**7, 10**8)}", merchants[n % 3], rng.randint(1, 990)) for n in range(14)
    ]
    style = knobs.references if knobs.references != "mixed" else rng.choice(FORMATS[:-1])
    return Hospital(
        code, f"{code}-OPER", f"{code}-DEP", terminals, rng.choice([0.0175, 0.0215, 0.0265]),
        is_net=rng.random() < 0.6, pays_by_day=rng.random() < 0.4, style=style,
        next_bag=rng.randrange(10**5, 9 * 10**5), next_lockbox=rng.randint(1, 900),
        next_slip=rng.randrange(10**4, 9 * 10**4),
    )  # fmt: skip
