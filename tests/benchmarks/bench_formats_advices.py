"""Files that announce money: 100,000 records with every check, beside a minimal reader of the same file.

The minimal readers are the least Python that yields each record's amount and references and adds up what the
format adds up: NACHA with check digits, hash and totals; the 835 with its claims against each payment (E4);
the lockbox with its stubs, batches and deposits; the payout report with each row's net and payout's total.
"""

import csv
import json
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import partial
from pathlib import Path
from typing import Any

from cashiering.formats import lockbox, nacha, payout, x12
from tests.benchmarks.bench_formats import Formats, N, figures_of, peak_mb
from tests.benchmarks.figures import Figure
from tests.make.advice import Entry, ach_file

_PER_PAYMENT, _PER_BATCH, _PER_LOCKBOX = 100, 100, 1_000


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
        found: Any = _READERS[path.name](iter(lambda: source.read(65_536), b""))
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


def _lockbox(out: Any) -> None:
    """Batches of a hundred cheques with a stub each, ten to a lockbox's day."""
    rows = ["101HOSPITAL  02100002102603120930", "2HOSPITAL  021000021 00000000004000800080"]
    for box in range(N // _PER_LOCKBOX):
        rows.append(f"5001000{box:07}260312HOSPITAL  021000021")
        minors = [1_000 + n % 5_000 for n in range(_PER_LOCKBOX)]
        for batch in range(1, _PER_LOCKBOX // _PER_BATCH + 1):
            part = minors[(batch - 1) * _PER_BATCH : batch * _PER_BATCH]
            for item, minor in enumerate(part, start=1):
                rows.append(f"6{batch:03}{item:03}{minor:010}0210000211234567890{1_000 + item:010}")
                rows.append(f"4{batch:03}{item:03}6019{f'I-{box}-{batch}-{item}':16}{minor:010}")
            rows.append(f"7{batch:03}{batch:03}{box:07}260312{len(part):03}{sum(part):010}")
        rows.append(f"8001000{box:07}260312{len(minors):04}{sum(minors):010}")
    rows.append(f"9{len(rows) + 1:06}")
    out.writelines(f"{row:80}\n" for row in rows)


def _lockbox_floor(path: Path) -> int:
    total = deposited = in_batch = count = in_deposit = amount = 0
    for number, line in enumerate(path.open()):
        kind = line[0]
        if kind == "6":
            amount = int(line[7:17])
            in_batch, count = in_batch + amount, count + 1
            _Record(number, line, amount, (line[1:7], line[26:36].strip(), line[36:46].strip()), kind)
        elif kind == "4":
            stub = int(line[27:37])
            if stub != amount:
                raise RuntimeError("the stubs")
            _Record(number, line, stub, (line[11:27].strip(),), kind)
        elif kind == "7":
            if (int(line[20:23]), int(line[23:33])) != (count, in_batch):
                raise RuntimeError("the batch")
            deposited, in_deposit, in_batch, count = deposited + in_batch, in_deposit + count, 0, 0
        elif kind == "8":
            if (int(line[20:24]), int(line[24:34])) != (in_deposit, deposited):
                raise RuntimeError("the lockbox")
            total, deposited, in_deposit = total + deposited, 0, 0
    return total


def _payout(out: Any) -> None:
    """999 payouts of a hundred rows, the last of them the total: a report has at most 100,000 lines."""
    out.write("Payout,Paid on,Merchant,Currency,Type,Terminal,Batch,Sales,Gross,Fee,Chargebacks,Net\n")
    for number in range(N // _PER_PAYMENT - 1):
        head, net = f"pyt_{number},2026-03-12,M{number % 50},USD", 0
        for n in range(_PER_PAYMENT - 1):
            gross = 10_000 + n % 5_000
            net += gross - 250
            out.write(
                f"{head},batch,T{n},B{number}-{n},12,{gross / 100:.2f},2.50,0.00,{(gross - 250) / 100:.2f}\n"
            )
        out.write(f"{head},total,,,,,,,{net / 100:.2f}\n")


def _payout_floor(path: Path) -> int:
    paid: dict[str, int] = {}
    with path.open(newline="") as source:
        rows = csv.reader(source)
        next(rows)
        for reference, on, merchant, _, kind, terminal, batch, _, gross, fee, back, net in rows:
            minor = int(net.replace(".", ""))
            if kind == "total":
                if paid[reference] != minor:
                    raise RuntimeError("the payout")
                continue
            if int(gross.replace(".", "")) - int(fee.replace(".", "")) - int(back.replace(".", "")) != minor:
                raise RuntimeError("the row")
            paid[reference] = paid.get(reference, 0) + minor
            date.fromisoformat(on)
            _Record(rows.line_num, net, minor, (reference, merchant, terminal, batch), kind)
    return sum(paid.values())


_READERS: dict[str, Callable[[Iterator[bytes]], object]] = {
    "NACHA": nacha.read,
    "835": x12.read,
    "BAI lockbox": lockbox.read,
    "payout report": partial(payout.read, currency="USD"),
}
_FORMATS: Formats = {
    "NACHA": (_nacha, _nacha_floor),
    "835": (_835, _835_floor),
    "BAI lockbox": (_lockbox, _lockbox_floor),
    "payout report": (_payout, _payout_floor),
}

if __name__ == "__main__":
    _read(Path(sys.argv[1]))
    sys.stdout.write(json.dumps(peak_mb()))
