"""Files that announce money: 100,000 entries or claims with every check, beside a minimal reader of the same.

The minimal readers are the least Python that yields each record's amount and references and adds up what the
format adds up: NACHA with check digits, hash and totals; the 835 with its claims against each payment (E4).
"""

import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from cashiering.formats import nacha, x12
from tests.benchmarks.bench_formats import Formats, N, figures_of, peak_mb
from tests.benchmarks.figures import Figure
from tests.make.advice import Entry, ach_file

_PER_PAYMENT = 100


@dataclass(frozen=True, slots=True)
class _Record:
    """What the least reader yields: the record, its place, and what it says."""

    line: int
    raw: str
    minor: int
    references: tuple[str, ...]
    kind: str


def run(place: Any) -> Iterator[Figure]:
    """The same figures as of statements."""
    yield from figures_of(_FORMATS, _read, module=__name__)


def _read(path: Path) -> None:
    with path.open("rb") as source:
        chunks = iter(lambda: source.read(65_536), b"")
        found: Any = nacha.read(chunks) if path.name == "NACHA" else x12.read(chunks)
    if found.findings:
        raise RuntimeError(f"{path.name}: {found.findings[:3]}")


def _nacha(out: Any) -> None:
    rows = [Entry(1_000 + n % 5_000, individual_id=f"P{n}", trace=f"09100001{n:07}") for n in range(N)]
    out.write(ach_file(*rows).decode())


def _nacha_floor(path: Path) -> int:
    total = count = hashed = 0
    for number, line in enumerate(path.open()):
        kind = line[0]
        if kind == "6":
            routing = line[3:11]
            a, b, c, d, e, f, g, h = map(int, routing)
            if (3 * (a + d + g) + 7 * (b + e + h) + c + f + int(line[11])) % 10:
                raise RuntimeError("the check digit")
            amount = int(line[29:39])
            total += amount
            count += 1
            hashed += int(routing)
            _Record(number, line, amount, (line[39:54].strip(), line[79:94]), line[1:3])
        elif kind == "8" and (int(line[4:10]), int(line[10:20]), int(line[20:32])) != (
            count,
            hashed % 10**10,
            total,
        ):
            raise RuntimeError("the batch control")
    return total


def _835(out: Any) -> None:
    out.write(
        "ISA*00*          *00*          *ZZ*PAYER          *ZZ*NORTH          *260312*1200*^*00501*"
        "000000001*0*P*:~\nGS*HP*PAYER*NORTH*20260312*1200*1*X*005010X221A1~\n"
    )
    payments = N // _PER_PAYMENT
    for number in range(payments):
        claims = [1_000 + n % 5_000 for n in range(_PER_PAYMENT)]
        whole, cents = divmod(sum(claims), 100)
        out.write(
            f"ST*835*{number:04}~\nBPR*I*{whole}.{cents:02}*C*ACH*CCP*01*111000025*DA*123*1512345678**01*091000019*DA*456"
            f"*20260312~\nTRN*1*T{number:07}*1512345678~\nN1*PR*MEADOW HEALTH~\nLX*1~\n"
        )
        for n, minor in enumerate(claims):
            paid = f"{minor // 100}.{minor % 100:02}"
            out.write(f"CLP*A{n}*1*{paid}*{paid}**12*C{n}~\nSVC*HC:99213*{paid}*{paid}~\n")
        out.write(f"SE*{6 + 2 * len(claims)}*{number:04}~\n")
    out.write(f"GE*{payments}*1~\nIEA*1*000000001~\n")


def _835_floor(path: Path) -> int:
    said = paid = Decimal(0)
    count, trace = 0, ""
    for number, segment in enumerate(path.open()):
        fields = segment.rstrip("~\n").split("*")
        name, count = fields[0], count + 1
        if name == "ST":
            paid, count = Decimal(0), 1
        elif name == "BPR":
            said = Decimal(fields[2])
        elif name == "TRN":
            trace = fields[2]
        elif name == "CLP":
            amount = Decimal(fields[4])
            paid += amount
            _Record(number, segment, int(amount * 100), (trace, fields[1]), fields[2])
        elif name == "SE" and (paid, count) != (said, int(fields[1])):
            raise RuntimeError("the payment")
    return int(said)


_FORMATS: Formats = {"NACHA": (_nacha, _nacha_floor), "835": (_835, _835_floor)}

if __name__ == "__main__":
    _read(Path(sys.argv[1]))
    sys.stdout.write(json.dumps(peak_mb()))
