"""Reading an ACH file: its batches, their sums, what goes out, and what came back. Streams."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache

from cashiering.formats.findings import Findings
from cashiering.formats.nacha.records import (
    BATCH_CONTROL,
    BATCH_HEADER,
    ENTRY,
    FILE_CONTROL,
    FILE_HEADER,
    RETURN,
    cut,
    records,
)
from hms_ach.refusal import FileRejected, Finding

# Which record may follow which: 1 file, 5 batch, 6 entry, 7 addenda, 8 batch control, 9 file control.
_AFTER = {"": "1", "1": "59", "5": "68", "6": "678", "7": "678", "8": "59", "9": "9"}
_CODES = frozenset(code for code in range(21, 57) if code % 5 or code == 55)
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)


@dataclass(frozen=True, slots=True)
class AchCredit:
    """Money that a file pays out. amount_minor in cents."""

    amount_minor: int
    trace: str
    individual_id: str


@dataclass(frozen=True, slots=True)
class AchReturn:
    """An entry that came back (addenda 99). is_debit: we had collected it, and the bank takes it back.

    individual_id  what we called the receiver when the entry went out; the bank sends it back as it was
    """

    line: int
    amount_minor: int
    is_debit: bool
    reason: str
    trace: str
    original_trace: str
    individual_id: str


@dataclass(slots=True)
class AchBatch:
    """One company's entries of one day; effective_on None where blank. Sums in cents, less what came back."""

    line: int
    company_name: str
    company_id: str
    entry_class: str
    description: str
    odfi: str
    number: int
    effective_on: date | None
    debit_minor: int = 0
    credit_minor: int = 0
    credits: list[AchCredit] = field(default_factory=list)
    returns: list[AchReturn] = field(default_factory=list)


@dataclass(slots=True)
class AchFile:
    """A whole file. key: what tells it from the company's other files: origin, moment of making, modifier."""

    key: str
    reference: str
    created_on: date
    batches: list[AchBatch]
    findings: list[Finding]


@dataclass(slots=True)
class _Sums:
    """What was counted, to hold against a control record."""

    entries: int = 0
    hash: int = 0
    debit: int = 0
    credit: int = 0

    def add(self, other: "_Sums") -> None:
        self.entries, self.hash = self.entries + other.entries, self.hash + other.hash
        self.debit, self.credit = self.debit + other.debit, self.credit + other.credit


def read(chunks: Iterable[bytes]) -> AchFile:
    """Everything of a file, or nothing of it.

    Raises FileRejected with all findings: records out of order or of another length, a control record that
    counts or adds up other than what was read, a routing number or amount that cannot be, no end.
    """
    return _Reader().read(chunks)


class _Reader:
    """Reads record by record; every handler is named after the record's type."""

    def __init__(self) -> None:
        self.findings = Findings("NACHA")
        self.batches: list[AchBatch] = []
        self.head: dict[str, str] = {}
        self.whole, self.sums = _Sums(), _Sums()
        self.entry: tuple[int, dict[str, str]] | None = None
        self.header: dict[str, str] = {}
        self.count = 0

    def read(self, chunks: Iterable[bytes]) -> AchFile:
        kind, line = "", 0
        for line, record in records(chunks, self.findings):
            self.count += 1
            if record == "9" * 94:
                if kind != "9":
                    raise FileRejected(line, "filler stands before the file control record")
                continue
            if record[0] not in _AFTER[kind]:
                said = f"a record {record[0]!r} after {kind!r}" if kind else f"it begins with {record[0]!r}"
                raise FileRejected(line, f"{said} is out of order; an ACH file has 1, 5, 6, 7, 8, 9")
            if record[0] == "9" == kind:
                raise FileRejected(line, "there is a second file control record")
            kind = record[0]
            _HANDLERS[kind](self, line, record)
        if kind != "9":
            raise FileRejected(line or 1, "the file ends without its file control record: it was cut off")
        created_on = _day(self.head["created_on"])
        if created_on is None:
            self.findings.bad(1, "file creation date", self.head["created_on"], "is not a day", "file header")
        self.findings.refuse()
        assert created_on is not None
        head = self.head
        key = f"{head['immediate_origin']}-{head['created_on']}{head['created_at']}{head['modifier']}"
        return AchFile(key, head["reference"], created_on, self.batches, self.findings.rows)

    def _file_header(self, line: int, record: str) -> None:
        self.head = cut(record, FILE_HEADER)
        if self.head["record_size"] != "094":
            self.findings.warn(line, "record size", self.head["record_size"], "is not 094", "file header")

    def _batch_header(self, line: int, record: str) -> None:
        said = self.header = cut(record, BATCH_HEADER)
        self.sums = _Sums()
        if said["entry_class"] == "ADV":
            raise FileRejected(line, "accounting advices (ADV) announce nothing that a statement shows")
        on = _day(said["effective_on"])
        if on is None and said["effective_on"].strip("0"):
            self.findings.bad(
                line, "effective entry date", said["effective_on"], "is not a day", "batch header"
            )
        number = int(said["number"]) if _DIGITS.fullmatch(said["number"]) else 0
        self.batches.append(
            AchBatch(
                line, said["company_name"], said["company_id"], said["entry_class"], said["description"],
                said["odfi"], number, on,
            )
        )  # fmt: skip

    def _entry(self, line: int, record: str) -> None:
        self._close_entry()
        said = cut(record, ENTRY)
        self.sums.entries += 1
        if not _DIGITS.fullmatch(said["rdfi"]) or len(said["rdfi"]) != 8:
            self.findings.bad(line, "receiving bank", said["rdfi"], "is not eight digits", "entry")
            return
        self.sums.hash += int(said["rdfi"])
        if said["check_digit"] != _check_digit(said["rdfi"]) and self.header["entry_class"] != "IAT":
            self.findings.bad(line, "check digit", said["check_digit"], "is not the bank's", "entry")
        if not _DIGITS.fullmatch(said["amount"]):
            self.findings.bad(line, "amount", said["amount"], "is not digits", "entry")
            return
        code = said["transaction_code"]
        if not _DIGITS.fullmatch(code) or int(code) not in _CODES:
            self.findings.bad(line, "transaction code", code, "is not one of NACHA's", "entry")
            return
        if int(code) % 10 >= 5:
            self.sums.debit += int(said["amount"])
        else:
            self.sums.credit += int(said["amount"])
        self.entry = line, said

    def _addenda(self, line: int, record: str) -> None:
        self.sums.entries += 1
        if record[1:3] != "99" or self.entry is None:
            return
        at, entry = self.entry
        said = cut(record, RETURN)
        self.entry = None
        is_debit = int(entry["transaction_code"]) % 10 >= 5
        if not re.fullmatch(r"R[0-9]{2}", said["reason"], re.ASCII):
            self.findings.bad(line, "return reason", said["reason"], "is not R and two digits", "addenda 99")
        elif "R61" <= said["reason"] <= "R77":
            self.findings.warn(
                line, "return reason", said["reason"], "disputes a return; a person looks", "addenda 99"
            )
            return
        self.batches[-1].returns.append(
            AchReturn(at, int(entry["amount"]), is_debit, said["reason"], said["trace"] or entry["trace"],
                      said["original_trace"], entry["individual_id"])
        )  # fmt: skip

    def _close_entry(self) -> None:
        """An entry without a return goes out as it stands."""
        if self.entry is None:
            return
        (_, said), self.entry = self.entry, None
        batch, minor = self.batches[-1], int(said["amount"])
        if int(said["transaction_code"]) % 10 >= 5:
            batch.debit_minor += minor
        elif minor:
            batch.credit_minor += minor
            batch.credits.append(AchCredit(minor, said["trace"], said["individual_id"]))

    def _batch_control(self, line: int, record: str) -> None:
        self._close_entry()
        said = cut(record, BATCH_CONTROL)
        self._compare(line, said, self.sums, "batch control")
        # International entries (IAT) carry the originator where others carry the company.
        same = ("odfi", "number") if self.header["entry_class"] == "IAT" else ("company_id", "odfi", "number")
        for name in same:
            if said[name] != self.header[name]:
                self.findings.bad(
                    line, name.replace("_", " "), said[name], "is not the batch header's", "batch control"
                )
        self.whole.add(self.sums)

    def _file_control(self, line: int, record: str) -> None:
        said = cut(record, FILE_CONTROL)
        self._compare(line, said, self.whole, "file control")
        if said["batches"] != f"{len(self.batches):06}":
            self.findings.bad(
                line, "batch count", said["batches"], f"but {len(self.batches)} were read", "file control"
            )
        if said["blocks"] != f"{-(-self.count // 10):06}":
            self.findings.warn(
                line, "block count", said["blocks"], f"but {self.count} records were read", "file control"
            )

    def _compare(self, line: int, said: dict[str, str], sums: _Sums, rule: str) -> None:
        counted = {"entries": sums.entries, "hash": sums.hash % 10**10}
        for name, value in (counted | {"debit": sums.debit, "credit": sums.credit}).items():
            if not _DIGITS.fullmatch(said[name]) or int(said[name]) != value:
                self.findings.bad(line, f"total of {name}", said[name], f"but {value} was read", rule)


_HANDLERS = {
    "1": _Reader._file_header,
    "5": _Reader._batch_header,
    "6": _Reader._entry,
    "7": _Reader._addenda,
    "8": _Reader._batch_control,
    "9": _Reader._file_control,
}


def _day(text: str) -> date | None:
    """YYMMDD of this century."""
    if not re.fullmatch(r"[0-9]{6}", text, re.ASCII):
        return None
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:]))
    except ValueError:
        return None


@lru_cache(maxsize=4_096)
def _check_digit(routing: str) -> str:
    """The ninth digit of a routing number (ABA): weights 3, 7, 1."""
    total = sum(int(digit) * weight for digit, weight in zip(routing, _WEIGHTS, strict=True))
    return str(-total % 10)
