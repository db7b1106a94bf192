"""Reading a processor's report: every row, its own sum, and its payout's total."""

import csv
import io
from collections.abc import Iterable
from datetime import date

from cashiering.formats.findings import Findings
from cashiering.formats.payout.columns import COLUMNS, NAMES, NEEDED, TOTAL, TYPES, amount_of, bare, day_of
from cashiering.formats.payout.shape import PartKind, PayoutPart, PayoutReport, PayoutSaid
from hms_ach.money import CURRENCIES
from hms_ach.refusal import FileRejected

MAX_ROWS = 100_000
_AMOUNTS = ("gross", "fee", "chargebacks", "net")
# Which amounts a row of its kind has beside its fee.
_HAS = {
    PartKind.BATCH: {"gross", "chargebacks"},
    PartKind.CHARGEBACK: {"chargebacks"},
    PartKind.WON: {"chargebacks"},
    PartKind.FEE: set(),
}  # fmt: skip


def read(chunks: Iterable[bytes], *, currency: str) -> PayoutReport:
    """Everything of a file, or nothing of it. currency: of rows that name none.

    Raises FileRejected with all findings: a column that is missing, a cell that cannot be read, a row whose
    net is not gross less fee less chargebacks, a payout whose rows contradict each other or its total.
    """
    text, findings = _text_of(b"".join(chunks)), Findings("payout report")
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter_of(text), strict=True)
    try:
        return _Reader(findings, currency).read(rows)
    except csv.Error as broken:
        raise FileRejected(max(rows.line_num, 1), f"it is no table: {broken}", findings.rows) from None


def _text_of(content: bytes) -> str:
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "windows-1252"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" in text:
            break
        return text.rstrip("\x1a")
    raise FileRejected(1, "it is not text: send the report as CSV")


def _delimiter_of(text: str) -> str:
    """Commas; or semicolons or tabs where the header has no comma."""
    head = text.lstrip().partition("\n")[0]
    return next((mark for mark in (",", ";", "\t") if mark in head), ",")


class _Reader:
    """Reads row by row; a payout's rows may stand anywhere in the file."""

    def __init__(self, findings: Findings, currency: str) -> None:
        self.findings, self.currency = findings, currency
        self.payouts: dict[tuple[str, str], PayoutSaid] = {}
        self.totals: dict[tuple[str, str], tuple[int, int]] = {}
        self.known: set[tuple] = set()
        self.line = 0

    def read(self, rows) -> PayoutReport:
        head: dict[str, int] = {}
        last = 0
        for row in rows:
            if not "".join(row).strip():
                continue
            if not head:
                head = self._head(rows.line_num, row)
                last = max(head.values())
                continue
            self.line = rows.line_num
            if self.line > MAX_ROWS:
                raise FileRejected(self.line, f"it has more than {MAX_ROWS:,} lines; send it in parts")
            if len(row) > last + 200:
                raise FileRejected(self.line, "the row has far more cells than the header")
            self._row({name: row[at].strip() if at < len(row) else "" for name, at in head.items()})
        if not head:
            raise FileRejected(1, "the file is empty")
        self._totals()
        if not self.payouts and not any(each.is_fatal for each in self.findings.rows):
            raise FileRejected(self.line or 1, "the file has a header and no payout", self.findings.rows)
        self.findings.refuse()
        return PayoutReport(list(self.payouts.values()), self.findings.rows)

    def _head(self, line: int, row: list[str]) -> dict[str, int]:
        head: dict[str, int] = {}
        for at, cell in enumerate(row):
            column = NAMES.get(bare(cell))
            if column in head:
                raise FileRejected(line, f"two columns are the {COLUMNS[column][0]}: {cell.strip()!r} is one")
            if column:
                head[column] = at
        missing = [COLUMNS[name][0] for name in NEEDED if name not in head]
        if missing:
            raise FileRejected(line, f"the header lacks {', '.join(missing)}; docs/formats/payout.md has all")
        return head

    def _row(self, cells: dict[str, str]) -> None:
        before = len(self.findings.rows)
        payout = self._payout(cells)
        kind = self._kind(cells)
        amounts = {name: self._amount(name, cells.get(name, ""), payout) for name in _AMOUNTS}
        sales = self._sales(cells.get("sales", ""))
        if payout is None or kind is None or len(self.findings.rows) > before:
            return
        key = (payout.merchant_id, payout.reference)
        if kind == TOTAL:
            if key in self.totals:
                self._bad("type", cells.get("type", ""), f"is the second total of payout {payout.reference}")
            self.totals[key] = (self.line, amounts["net"])
            return
        case = cells.get("case", "")
        cases = tuple(dict.fromkeys(each.strip() for each in case.split(";") if each.strip())) if case else ()
        part = PayoutPart(
            self.line, PartKind(kind), cells.get("terminal", ""), cells.get("batch", ""), cases, sales,
            amounts["gross"], amounts["fee"], amounts["chargebacks"],
        )  # fmt: skip
        self._check(part, amounts["net"])
        payout.parts.append(part)

    def _payout(self, cells: dict[str, str]) -> PayoutSaid | None:
        said = {name: cells[name] for name in ("payout", "merchant")}
        for name, most in (("payout", 60), ("merchant", 20), ("terminal", 20), ("batch", 20), ("case", 200)):
            text = cells.get(name, "")
            if len(text) > most:
                self._bad(name, text, f"has more than {most} characters")
        for name, text in said.items():
            if not text:
                self._bad(name, "", "is empty")
        currency = cells.get("currency", "").upper() or self.currency
        if currency not in CURRENCIES:
            self._bad("currency", currency, "is no ISO 4217 currency")
            return None
        try:
            paid_on = day_of(cells["paid_on"])
        except ValueError as wrong:
            self._bad("paid on", cells["paid_on"], str(wrong))
            return None
        return self._same(said["merchant"], said["payout"], paid_on, currency)

    def _same(self, merchant: str, reference: str, paid_on: date, currency: str) -> PayoutSaid:
        """The payout that the row belongs to; another day or currency is a finding."""
        found = self.payouts.get((merchant, reference))
        if found is None:
            found = PayoutSaid(self.line, reference, paid_on, merchant, currency)
            self.payouts[merchant, reference] = found
            return found
        if found.paid_on != paid_on:
            self._bad("paid on", f"{paid_on}", f"is {found.paid_on} in line {found.line} of the same payout")
        if found.currency != currency:
            self._bad("currency", currency, f"is {found.currency} in line {found.line} of the same payout")
        return found

    def _kind(self, cells: dict[str, str]) -> str | None:
        said = cells.get("type", "")
        if said:
            kind = TYPES.get(bare(said))
            if kind is None:
                self._bad("type", said, "is none of batch, chargeback, won, fee and total")
            return kind
        if cells.get("batch"):
            return PartKind.BATCH
        self._bad("type", "", "is empty, and so is the batch: what is the row about?")
        return None

    def _amount(self, name: str, text: str, payout: PayoutSaid | None) -> int:
        try:
            return amount_of(text, payout.currency if payout else self.currency)
        except ValueError as wrong:
            self._bad(name, text, str(wrong))
            return 0

    def _sales(self, text: str) -> int | None:
        if text and not (text.isascii() and text.isdigit() and len(text) < 8):
            self._bad("sales", text, "is not a count")
            return None
        return int(text) if text else None

    def _check(self, part: PayoutPart, net: int) -> None:
        """The row's own sum, its sign, and that it stands once."""
        if part.net_minor != net:
            self._bad(
                "net",
                str(net),
                f"is not {part.net_minor}, which gross less fee less chargebacks gives (minor units)",
            )
        if part.kind == PartKind.BATCH and not part.batch:
            self._bad("batch", "", "is empty in the row of a batch")
        if part.kind == PartKind.BATCH and part.chargebacks_minor < 0:
            self._bad(
                "chargebacks",
                str(part.chargebacks_minor),
                "is below zero; give what was won a row of type won",
            )
        if part.kind == PartKind.CHARGEBACK and part.chargebacks_minor <= 0:
            self._bad("chargebacks", str(part.chargebacks_minor), "is not above zero in a chargeback's row")
        if part.kind == PartKind.WON and part.chargebacks_minor >= 0:
            self._bad(
                "chargebacks", str(part.chargebacks_minor), "is not below zero in the row of one that was won"
            )
        if part.kind in (PartKind.CHARGEBACK, PartKind.WON) and len(part.cases) != 1:
            self._bad("case", "; ".join(part.cases), "is not one case: the row needs its number")
        for name, minor in (("gross", part.gross_minor), ("chargebacks", part.chargebacks_minor)):
            if minor and name not in _HAS[part.kind]:
                self._bad(name, str(minor), f"stands in a row of type {part.kind.lower()}, which has none")
        same = (part.kind, part.terminal, part.batch, part.cases)
        if part.kind != PartKind.FEE and same in self.known:
            self._bad(part.kind.lower(), part.batch or "".join(part.cases[:1]), "stands twice in the file")
        self.known.add(same)

    def _totals(self) -> None:
        for key, (line, net) in self.totals.items():
            payout = self.payouts[key]
            if payout.parts and payout.net_minor != net:
                self.line = line
                self._bad("net", str(net), f"is not {payout.net_minor}, which the payout's rows add up to")
        for key in [key for key in self.totals if not self.payouts[key].parts]:
            payout = self.payouts[key]
            self.line = payout.line
            self._bad("payout", payout.reference, "has a total and no rows")

    def _bad(self, name: str, value: str, problem: str) -> None:
        self.findings.bad(self.line, name, value, problem, "")
