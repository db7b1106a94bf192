"""Each bank format: 100,000 records read with every check, beside a minimal reader of the same file.

The minimal readers do what FORMATS.md calls the floor: the least Python that yields date, amount and
references of each record and adds up what the format adds up. No findings, no encodings, no limits.
"""

import csv
import json
import multiprocessing
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

from openpyxl import Workbook, load_workbook

from reconciliation.formats.file import Opened, read_file
from reconciliation.formats.reading import Reading
from tests.benchmarks.figures import Figure, beside, interleaved_medians, within

N = 100_000


@dataclass(frozen=True, slots=True)
class _Record:
    """What the least reader yields: the raw record, its place, and what it says."""

    line: int
    raw: str
    on: date
    minor: int
    references: tuple[str, ...]
    text: str


REPETITIONS = 3
MEMORY_MB = 60
Formats = dict[str, tuple[Callable[[Any], None], Callable[[Path], int]]]


def run(place: Any) -> Iterator[Figure]:
    yield from figures_of(_FORMATS, _read, module=__name__)


def figures_of(formats: Formats, read: Callable[[Path], object], *, module: str) -> Iterator[Figure]:
    """Time beside the floor, and the peak memory of a process of the module that does nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        for name, (write, floor) in formats.items():
            path = Path(folder) / name
            writer = multiprocessing.get_context("fork").Process(target=_write, args=(write, path))
            writer.start()
            writer.join()
            taken = interleaved_medians(
                {"ours": lambda p=path: _seconds(read, p), "floor": lambda p=path, f=floor: _seconds(f, p)},
                repetitions=REPETITIONS,
            )
            yield beside(
                "formats",
                f"{N:,} records of {name}",
                value=taken["ours"],
                unit="s",
                against="a minimal reader of the same file",
                against_value=taken["floor"],
                ratio_at_most=2,
            )
            yield within(
                "formats",
                f"peak of a process that reads {name}",
                value=_memory(module, path),
                unit="MB",
                limit=MEMORY_MB,
            )


def _write(write: Callable[[Any], None], path: Path) -> None:
    with path.open("w") as out:
        write(out)


def _seconds(work: Callable[[Path], object], path: Path) -> float:
    began = time.process_time()
    work(path)
    return time.process_time() - began


def _read(path: Path) -> None:
    reading = Reading()
    with path.open("rb") as source:
        count = sum(1 for _ in read_file(source, reading, Opened(may_guess=True)))
    if count < N or reading.findings:
        raise RuntimeError(f"{path.name}: {count} read, {reading.findings[:3]}")


def _memory(module: str, path: Path) -> float:
    """The peak of a fresh process that reads the file, Python and all libraries included, in MB."""
    command = [sys.executable, "-m", module, str(path)]
    return float(json.loads(subprocess.run(command, check=True, capture_output=True).stdout))


def peak_mb() -> float:
    """The highest that this program's memory was; ru_maxrss would count its parent's, too."""
    found = re.search(r"VmHWM:\s+(\d+) kB", Path("/proc/self/status").read_text())
    assert found
    return int(found.group(1)) / 1024


def _bai2(out: Any) -> None:
    out.write("01,BANK,HMS,260313,0600,1,80,1,2/\n02,HMS,BANK,1,260312,2400,USD,2/\n03,123,USD,010,0,,/\n")
    total = 0
    for n in range(N):
        total += 1_000 + n % 5_000
        out.write(f"16,175,{1_000 + n % 5_000},V,260313,,B{n:08},E2E{n},PAYMENT OF INVOICE {n}/\n")
    out.write(f"49,{total},{N + 2}/\n98,{total},1,{N + 4}/\n99,{total},1,{N + 6}/\n")


def _bai2_floor(path: Path) -> int:
    total = 0
    for count, line in enumerate(path.open(), start=1):
        fields = line.rstrip("/\n").split(",")
        code = fields[0]
        if code == "16":
            amount = int(fields[2])
            total += amount
            day = fields[4]
            on = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
            _Record(count, line, on, amount, (fields[6], fields[7]), ",".join(fields[8:]))
        elif code == "49" and (int(fields[1]), int(fields[2])) != (total, count - 2):
            raise RuntimeError("the total")
    return total


def _mt940(out: Any) -> None:
    total = sum(1_000 + n % 5_000 for n in range(N))
    out.write(":20:REF\n:25:123\n:28C:1/1\n:60F:C260311EUR0,00\n")
    for n in range(N):
        whole, cents = divmod(1_000 + n % 5_000, 100)
        out.write(f":61:2603120312C{whole},{cents:02}NTRFE2E{n}//B{n:08}\n")
        out.write(f":86:PAYMENT OF INVOICE {n} BY PAYER {n % 500}\n")
    out.write(f":62F:C260312EUR{total // 100},{total % 100:02}\n-\n")


_LINE61 = re.compile(r":61:(\d{6})(\d{4})?(R?[CD])[A-Z]?([\d,]+)(.{4})(.*)")


def _mt940_floor(path: Path) -> int:
    total, entry = 0, None
    for number, line in enumerate(path.open()):
        if line.startswith(":61:"):
            found = _LINE61.match(line)
            assert found
            day, _, side, amount, code, rest = found.groups()
            whole, _, cents = amount.partition(",")
            minor = int(whole + cents.ljust(2, "0"))
            total += minor if side in ("C", "RD") else -minor
            own, _, bank = rest.partition("//")
            on = date(2000 + int(day[:2]), int(day[2:4]), int(day[4:]))
            entry = (number, line, on, minor, (own, bank), code)
        elif line.startswith(":86:") and entry is not None:
            _Record(*entry[:5], line[4:].rstrip("\n"))
        elif line.startswith(":62F:"):
            whole, _, cents = line[15:].strip().partition(",")
            if int(whole + cents) != total:
                raise RuntimeError("the balance")
    return total


def _ofx(out: Any) -> None:
    out.write(
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>USD\n"
    )
    out.write("<BANKACCTFROM><ACCTID>123</BANKACCTFROM><BANKTRANLIST><DTSTART>20260301<DTEND>20260331\n")
    for n in range(N):
        whole, cents = divmod(1_000 + n % 5_000, 100)
        out.write(
            f"<STMTTRN>\n<TRNTYPE>CREDIT\n<DTPOSTED>20260312\n<TRNAMT>{whole}.{cents:02}\n<FITID>B{n:08}\n"
            f"<NAME>Payer {n % 500}\n<MEMO>Payment of invoice {n}\n</STMTTRN>\n"
        )
    out.write(
        "</BANKTRANLIST><LEDGERBAL><BALAMT>1.00<DTASOF>20260331</LEDGERBAL></STMTRS></STMTTRNRS></OFX>\n"
    )


def _ofx_floor(path: Path) -> int:
    total, fields = 0, {}
    for number, line in enumerate(path.open()):
        if line.startswith("<STMTTRN>"):
            fields = {}
        elif line.startswith("</STMTTRN>"):
            whole, _, cents = fields["TRNAMT"].partition(".")
            day = fields["DTPOSTED"]
            minor = int(whole + cents)
            total += minor
            on = date(int(day[:4]), int(day[4:6]), int(day[6:8]))
            _Record(number, "", on, minor, (fields["FITID"], fields["NAME"]), fields["MEMO"])
        elif line.startswith("<"):
            name, _, value = line[1:].partition(">")
            fields[name] = value.rstrip("\n")
    return total


def _csv(out: Any) -> None:
    out.write("Date,Amount,Account,Currency,Balance,Reference,Description\n")
    balance = 0
    for n in range(N):
        amount = 1_000 + n % 5_000
        balance += amount
        out.write(
            f"2026-03-12,{amount / 100:.2f},123,USD,{balance / 100:.2f},B{n:08},Payment of invoice {n}\n"
        )


def _csv_floor(path: Path) -> int:
    total = 0
    with path.open(newline="") as source:
        rows = csv.reader(source)
        next(rows)
        for day, amount, _, _, balance, reference, description in rows:
            minor = int(amount.replace(".", ""))
            total += minor
            if int(balance.replace(".", "")) != total:
                raise RuntimeError("the balance")
            _Record(rows.line_num, amount, date.fromisoformat(day), minor, (reference,), description)
    return total


def _xlsx(out: Any) -> None:
    book = Workbook(write_only=True)
    page = book.create_sheet("Entries")
    page.append(["Date", "Amount", "Account", "Currency", "Balance", "Reference", "Description"])
    balance, day = 0, date(2026, 3, 12)
    for n in range(N):
        amount = 1_000 + n % 5_000
        balance += amount
        page.append(
            [day, amount / 100, "123", "USD", balance / 100, f"B{n:08}", f"Payment of invoice {n % 500}"]
        )
    book.save(out.buffer)


def _xlsx_floor(path: Path) -> int:
    """openpyxl's own rows: what any reader in Python that uses it pays first."""
    total = 0
    with path.open("rb") as source:
        page = load_workbook(source, read_only=True, data_only=True)["Entries"]
        rows = page.iter_rows(min_row=2, values_only=True)
        for number, (day, amount, _, _, balance, reference, description) in enumerate(rows, start=2):
            minor = round(amount * 100)
            total += minor
            if round(balance * 100) != total:
                raise RuntimeError("the balance")
            _Record(number, str(amount), day.date(), minor, (reference,), description)
    return total


_PARTY = "<RltdPties><Dbtr><Pty><Nm>Payer {n}</Nm></Pty></Dbtr></RltdPties>"


def _camt(out: Any) -> None:
    total = sum(1_000 + n % 5_000 for n in range(N))
    space = "urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"
    out.write(
        f'<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="{space}"><BkToCstmrStmt><Stmt><Id>S</Id>'
    )
    out.write("<Acct><Id><Othr><Id>123</Id></Othr></Id><Ccy>USD</Ccy></Acct>\n")
    for code, minor in (("OPBD", 0), ("CLBD", total)):
        out.write(
            f"<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy='USD'>{minor / 100:.2f}</Amt>"
            "<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-03-12</Dt></Dt></Bal>\n"
        )
    for n in range(N):
        out.write(
            f"<Ntry><Amt Ccy='USD'>{(1_000 + n % 5_000) / 100:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>"
            "<Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-03-12</Dt></BookgDt><ValDt><Dt>2026-03-12</Dt></ValDt>"
            f"<AcctSvcrRef>B{n:08}</AcctSvcrRef><BkTxCd><Prtry><Cd>NTRF</Cd></Prtry></BkTxCd><NtryDtls><TxDtls>"
            f"<Refs><EndToEndId>E2E{n}</EndToEndId></Refs>{_PARTY.format(n=n % 500)}"
            f"<RmtInf><Ustrd>Payment of invoice {n}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
        )
    out.write("</Stmt></BkToCstmrStmt></Document>\n")


def _camt_floor(path: Path) -> int:
    total, space = 0, "{urn:iso:std:iso:20022:tech:xsd:camt.053.001.08}"

    def text(entry: ElementTree.Element, *steps: str) -> str:
        return entry.findtext("/".join(f"{space}{step}" for step in steps)) or ""

    for _, element in ElementTree.iterparse(path):  # noqa: S314 - our own file
        if element.tag == f"{space}Ntry":
            whole, _, cents = text(element, "Amt").partition(".")
            total += int(whole + cents)
            details = ("NtryDtls", "TxDtls")
            _ = (
                text(element, "CdtDbtInd"),
                date.fromisoformat(text(element, "BookgDt", "Dt")),
                date.fromisoformat(text(element, "ValDt", "Dt")),
                text(element, "AcctSvcrRef"),
                text(element, *details, "Refs", "EndToEndId"),
                text(element, *details, "RltdPties", "Dbtr", "Pty", "Nm"),
                text(element, *details, "RmtInf", "Ustrd"),
            )
            element.clear()
    return total


_FORMATS: Formats = {
    "camt.053": (_camt, _camt_floor),
    "BAI2": (_bai2, _bai2_floor),
    "MT940": (_mt940, _mt940_floor),
    "OFX": (_ofx, _ofx_floor),
    "CSV": (_csv, _csv_floor),
    "XLSX": (_xlsx, _xlsx_floor),
}

if __name__ == "__main__":
    _read(Path(sys.argv[1]))
    sys.stdout.write(json.dumps(peak_mb()))
