"""Reading a BAI lockbox file: its deposits, cheques and stubs, held against its totals. Streams."""

from collections.abc import Iterable
from datetime import date
from functools import lru_cache
from sys import intern

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
from cashiering.formats.lockbox.stubs import NO_INVOICE, Stubs
from hms_ach.refusal import FileRejected

# Which record may follow which: 1 file, 2 service, 5 lockbox, 6 cheque, 4 its stubs, 7 batch total, 8 lockbox
# total, 9 end.
_AFTER = {
    "": "1", "1": "25", "2": "5", "5": "678", "6": "4678", "4": "4678", "7": "5678", "8": "259", "9": "",
}  # fmt: skip
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
        self.cheques: list[LockboxCheque] = []  # of the last deposit
        self.stubs = Stubs()
        self.origin = ""
        self.created_on: date | None = None
        self.counted = 0
        self.items: set[tuple[str, str]] = set()
        self.is_totalled = True

    def read(self, chunks: Iterable[bytes]) -> LockboxFile:
        kind, line, stubs = "", 0, self.stubs
        for count, (line, record) in enumerate(records(chunks), start=1):
            before, kind = kind, record[0]
            if kind not in _AFTER[before]:
                said = f"a record {kind!r} after {before!r}" if before else f"it begins with {kind!r}"
                raise FileRejected(line, f"{said} is out of order; a lockbox file has 1, 2, 5, 6, 4, 7, 8, 9")
            if before == "4" != kind:
                stubs.prove(self.cheques[-1])
            if kind == "9":
                self._trailer(line, record, count)
            else:
                _HANDLERS[kind](self, line, record)
        if kind != "9":
            raise FileRejected(line or 1, "the file ends without its trailer (record 9): it was cut off")
        self.findings.refuse()
        assert self.created_on is not None
        self.stubs.doubt(each for deposit in self.deposits for each in deposit.cheques)
        return LockboxFile(self.origin, self.created_on, self.deposits, self.findings.rows)

    def _header(self, line: int, record: str) -> None:
        self.origin, on = cut(record, HEADER)
        self.created_on = self._day(line, "file date", on, "record 1")

    def _service(self, line: int, record: str) -> None:
        said = record[SERVICE].strip()
        if said and said != _LOCKBOX:
            raise FileRejected(line, f"service {said!r} is not {_LOCKBOX}: it is no lockbox file")

    def _deposit(self, line: int, record: str) -> None:
        lockbox, day = cut(record, DEPOSIT)
        on = self._day(line, "deposit date", day, "record 5")
        last = self.deposits[-1] if self.deposits and not self.is_totalled else None
        if last is not None and (last.lockbox, last.deposited_on) == (lockbox, on):
            return
        if last is not None:
            problem = f"begins before lockbox {last.lockbox} has its total (record 8)"
            self.findings.bad(line, "lockbox", lockbox, problem, "record 5")
        if not lockbox:
            self.findings.bad(line, "lockbox", "", "has no number", "record 5")
        self.cheques = []
        self.deposits.append(LockboxDeposit(line, lockbox, on or date.min, self.cheques))
        self.counted, self.items, self.is_totalled = 0, set(), False

    def _cheque(self, line: int, record: str) -> None:
        batch, item, amount, routing, account, number = cut(record, CHEQUE)
        # Few texts of these are many times in a file: each is kept once.
        batch, item, routing = intern(batch), intern(item), intern(routing)
        minor = self._number(line, "amount", amount, "record 6")
        if self.is_totalled:
            raise FileRejected(line, "a cheque stands before its lockbox (record 5)")
        if minor == 0:
            self.findings.warn(line, "amount", amount, "is nothing: the item is left out", "record 6")
        if _is_misread(routing):
            problem = "fails its check digit: the payer's bank is not known"
            self.findings.warn(line, "transit routing", routing, problem, "record 6")
        key = batch, item
        if key in self.items:
            self.findings.bad(line, "batch", batch, f"item {item} stands twice in this batch", "record 6")
        self.items.add(key)
        self.cheques.append(LockboxCheque(line, batch, item, minor, routing, account, number, [], NO_INVOICE))

    def _overflow(self, line: int, record: str) -> None:
        batch, item = cut(record, OVERFLOW)
        cheque = self.cheques[-1]
        if batch != cheque.batch or item != cheque.item:
            problem = f"belongs to another cheque than the one before it, {cheque.batch} {cheque.item}"
            self.findings.bad(line, "item", f"{batch} {item}", problem, "record 4")
        self.stubs.records.append(record)

    def _batch_total(self, line: int, record: str) -> None:
        if self.is_totalled:
            raise FileRejected(line, "a batch total stands before its lockbox (record 5)")
        number, count, total = cut(record, BATCH_TOTAL)
        batch = self.cheques[self.counted :]
        self.counted = len(self.cheques)
        minor = sum(each.amount_minor for each in batch)
        for name, said, counted in (("count", count, len(batch)), ("total", total, minor)):
            if self._number(line, name, said, "record 7") != counted:
                self.findings.bad(line, name, said, f"is not {counted}, which the batch has", "record 7")
        for each in batch:
            if each.batch != number:
                problem = f"item {each.item} says batch {each.batch}"
                self.findings.bad(line, "batch", number, problem, "record 7")

    def _deposit_total(self, line: int, record: str) -> None:
        if self.is_totalled:
            raise FileRejected(line, "a lockbox total stands before its lockbox (record 5)")
        deposit = self.deposits[-1]
        wanted = [len(deposit.cheques), deposit.total_minor]
        if wanted not in [[_int(said) for said in cut(record, layout)] for layout in DEPOSIT_TOTALS]:
            problem = f"is not {wanted[0]} cheques and {wanted[1]} cents, which the lockbox has"
            self.findings.bad(line, "total", record[20:34], problem, "record 8")
        lockbox, _ = cut(record, DEPOSIT)
        if lockbox != deposit.lockbox:
            problem = f"is not {deposit.lockbox}, whose cheques stand before it"
            self.findings.bad(line, "lockbox", lockbox, problem, "record 8")
        self.is_totalled = True

    def _trailer(self, line: int, record: str, count: int) -> None:
        """Banks count themselves in or leave themselves out."""
        if not self.is_totalled:
            raise FileRejected(line, "the last lockbox has no total (record 8): something is missing")
        said = record[TRAILER].strip()
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
    return int(text) if text.isdigit() and text.isascii() else None


@lru_cache(maxsize=4_096)
def _is_misread(routing: str) -> bool:
    """Whether digits fail the ABA's check: three, seven and one times nine of them are a whole ten."""
    if not (routing.isascii() and routing.isdigit()):
        return False
    weights = (3, 7, 1) * 3
    return len(routing) != 9 or sum(w * int(d) for w, d in zip(weights, routing, strict=True)) % 10 != 0


_HANDLERS = {
    "1": _Reader._header,
    "2": _Reader._service,
    "5": _Reader._deposit,
    "6": _Reader._cheque,
    "4": _Reader._overflow,
    "7": _Reader._batch_total,
    "8": _Reader._deposit_total,
}
