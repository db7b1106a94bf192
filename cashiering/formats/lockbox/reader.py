"""Reading a BAI lockbox file: its deposits, cheques and stubs, held against its totals. Streams."""

import re
from collections.abc import Iterable
from datetime import date

from cashiering.formats.findings import Findings
from cashiering.formats.lockbox.records import (
    BATCH_TOTAL,
    CHEQUE,
    DEPOSIT,
    DEPOSIT_TOTALS,
    HEADER,
    OVERFLOW,
    SERVICE,
    TRAILER,
    cut,
    records,
)
from cashiering.formats.lockbox.shape import LockboxCheque, LockboxDeposit, LockboxFile
from cashiering.formats.lockbox.stubs import StubRecord, prove_stubs
from hms_ach.refusal import FileRejected

# Which record may follow which: 1 file, 2 service, 5 lockbox, 6 cheque, 4 its stubs, 7 batch total, 8 lockbox
# total, 9 end.
_AFTER = {
    "": "1", "1": "25", "2": "5", "5": "678", "6": "4678", "4": "4678", "7": "5678", "8": "259", "9": "",
}  # fmt: skip
_DIGITS = re.compile(r"[0-9]+", re.ASCII)
_LOCKBOX = "400"


def read(chunks: Iterable[bytes]) -> LockboxFile:
    """Everything of a file, or nothing of it.

    Raises FileRejected with all findings: records out of order, a total that counts or adds up other than
    what was read, an amount or day that cannot be, no end. Stubs that do not add up to their cheque refuse
    nothing: the cheque says so, for a person to place it.
    """
    return _Reader().read(chunks)


class _Reader:
    """Reads record by record; every handler is named after its record."""

    def __init__(self) -> None:
        self.findings = Findings("BAI lockbox")
        self.deposits: list[LockboxDeposit] = []
        self.stubs: dict[int, list[StubRecord]] = {}
        self.head: dict[str, str] = {}
        self.created_on: date | None = None
        self.counted = 0
        self.items: set[tuple[str, str]] = set()
        self.is_totalled = True

    def read(self, chunks: Iterable[bytes]) -> LockboxFile:
        kind, line = "", 0
        for count, (line, record) in enumerate(records(chunks), start=1):
            if record[0] not in _AFTER[kind]:
                said = f"a record {record[0]!r} after {kind!r}" if kind else f"it begins with {record[0]!r}"
                raise FileRejected(line, f"{said} is out of order; a lockbox file has 1, 2, 5, 6, 4, 7, 8, 9")
            kind = record[0]
            if kind == "9":
                self._trailer(line, record, count)
            else:
                _HANDLERS[kind](self, line, record)
        if kind != "9":
            raise FileRejected(line or 1, "the file ends without its trailer (record 9): it was cut off")
        self.findings.refuse()
        assert self.created_on is not None
        prove_stubs([each for deposit in self.deposits for each in deposit.cheques], self.stubs)
        return LockboxFile(self.head["origin"], self.created_on, self.deposits, self.findings.rows)

    def _header(self, line: int, record: str) -> None:
        self.head = cut(record, HEADER)
        self.created_on = self._day(line, "file date", self.head["created_on"], "record 1")

    def _service(self, line: int, record: str) -> None:
        said = cut(record, SERVICE)["service"]
        if said and said != _LOCKBOX:
            raise FileRejected(line, f"service {said!r} is not {_LOCKBOX}: it is no lockbox file")

    def _deposit(self, line: int, record: str) -> None:
        said = cut(record, DEPOSIT)
        on = self._day(line, "deposit date", said["deposited_on"], "record 5")
        last = self.deposits[-1] if self.deposits and not self.is_totalled else None
        if last is not None and (last.lockbox, last.deposited_on) == (said["lockbox"], on):
            return
        if last is not None:
            problem = f"begins before lockbox {last.lockbox} has its total (record 8)"
            self.findings.bad(line, "lockbox", said["lockbox"], problem, "record 5")
        if not said["lockbox"]:
            self.findings.bad(line, "lockbox", "", "has no number", "record 5")
        self.deposits.append(LockboxDeposit(line, said["lockbox"], on or date.min))
        self.counted, self.items, self.is_totalled = 0, set(), False

    def _cheque(self, line: int, record: str) -> None:
        said = cut(record, CHEQUE)
        amount = self._number(line, "amount", said["amount"], "record 6")
        if self.is_totalled:
            raise FileRejected(line, "a cheque stands before its lockbox (record 5)")
        if amount == 0:
            self.findings.warn(line, "amount", said["amount"], "is nothing: the item is left out", "record 6")
        if _DIGITS.fullmatch(said["routing"]) and not _is_routing(said["routing"]):
            problem = "fails its check digit: the payer's bank is not known"
            self.findings.warn(line, "transit routing", said["routing"], problem, "record 6")
        cheque = LockboxCheque(
            line, said["batch"], said["item"], amount, said["routing"], said["account"], said["number"]
        )
        if (cheque.batch, cheque.item) in self.items:
            problem = f"item {cheque.item} stands twice in this batch"
            self.findings.bad(line, "batch", cheque.batch, problem, "record 6")
        self.items.add((cheque.batch, cheque.item))
        self.deposits[-1].cheques.append(cheque)

    def _overflow(self, line: int, record: str) -> None:
        said, cheque = cut(record, OVERFLOW), self.deposits[-1].cheques[-1]
        if (said["batch"], said["item"]) != (cheque.batch, cheque.item):
            problem = f"belongs to another cheque than the one before it, {cheque.batch} {cheque.item}"
            self.findings.bad(line, "item", f"{said['batch']} {said['item']}", problem, "record 4")
        row = StubRecord(line, said["sequence"], said["last"] == "9", record)
        self.stubs.setdefault(cheque.line, []).append(row)

    def _batch_total(self, line: int, record: str) -> None:
        if self.is_totalled:
            raise FileRejected(line, "a batch total stands before its lockbox (record 5)")
        said = cut(record, BATCH_TOTAL)
        batch = self.deposits[-1].cheques[self.counted :]
        self.counted = len(self.deposits[-1].cheques)
        for name, counted in (("count", len(batch)), ("total", sum(each.amount_minor for each in batch))):
            if self._number(line, name, said[name], "record 7") != counted:
                problem = f"is not {counted}, which the batch has"
                self.findings.bad(line, name, said[name], problem, "record 7")
        for each in batch:
            if each.batch != said["batch"]:
                problem = f"item {each.item} says batch {each.batch}"
                self.findings.bad(line, "batch", said["batch"], problem, "record 7")

    def _deposit_total(self, line: int, record: str) -> None:
        if self.is_totalled:
            raise FileRejected(line, "a lockbox total stands before its lockbox (record 5)")
        deposit = self.deposits[-1]
        wanted = (len(deposit.cheques), deposit.total_minor)
        said = [cut(record, layout) for layout in DEPOSIT_TOTALS]
        if wanted not in [tuple(_int(each[name]) for name in ("count", "total")) for each in said]:
            problem = f"is not {wanted[0]} cheques and {wanted[1]} cents, which the lockbox has"
            self.findings.bad(line, "total", record[20:34], problem, "record 8")
        if said[0]["lockbox"] != deposit.lockbox:
            problem = f"is not {deposit.lockbox}, whose cheques stand before it"
            self.findings.bad(line, "lockbox", said[0]["lockbox"], problem, "record 8")
        self.is_totalled = True

    def _trailer(self, line: int, record: str, count: int) -> None:
        """Banks count themselves in or leave themselves out."""
        if not self.is_totalled:
            raise FileRejected(line, "the last lockbox has no total (record 8): something is missing")
        said = cut(record, TRAILER)["records"]
        if _int(said) not in (count, count - 1):
            self.findings.bad(line, "records", said, f"is not {count}, which the file has", "record 9")

    def _day(self, line: int, name: str, text: str, rule: str) -> date | None:
        try:
            return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
        except ValueError:
            self.findings.bad(line, name, text, "is not a day (YYMMDD)", rule)
            return None

    def _number(self, line: int, name: str, text: str, rule: str) -> int:
        found = _int(text)
        if found is None:
            self.findings.bad(line, name, text, "is not a number", rule)
        return found or 0


def _int(text: str) -> int | None:
    return int(text) if _DIGITS.fullmatch(text) else None


def _is_routing(text: str) -> bool:
    """The ABA's check digit: three, seven and one times the digits are a whole ten."""
    weights = (3, 7, 1) * 3
    return len(text) == 9 and sum(w * int(d) for w, d in zip(weights, text, strict=True)) % 10 == 0


_HANDLERS = {
    "1": _Reader._header,
    "2": _Reader._service,
    "5": _Reader._deposit,
    "6": _Reader._cheque,
    "4": _Reader._overflow,
    "7": _Reader._batch_total,
    "8": _Reader._deposit_total,
}
