"""Reading a processor's report: every row, its own sum, and its payout's total."""

import csv
import io
from collections.abc import Iterable
from datetime import date
from operator import itemgetter
from sys import intern

from cashiering.formats.findings import Findings
from cashiering.formats.payout.columns import COLUMNS, NAMES, NEEDED, TYPES, amounts_in, bare, day_of
from cashiering.formats.payout.shape import PartKind, PayoutPart, PayoutReport, PayoutSaid
from hms_ach.money import CURRENCIES
from hms_ach.refusal import FileRejected

MAX_ROWS = 100_000
_AMOUNTS = ("gross", "fee", "chargebacks", "net")


def read(chunks: Iterable[bytes], *, currency: str) -> PayoutReport:
    """Everything of a file, or nothing of it. currency: of rows that name none.

    Raises FileRejected with all findings: a column that is missing, a cell that cannot be read, a row whose
    net is not gross less fee less chargebacks, a payout whose rows contradict each other or its total.
    """
    lines, delimiter = _lines_of(b"".join(chunks))
    findings = Findings("payout report")
    rows = csv.reader(lines, delimiter=delimiter, strict=True)
    try:
        return _Reader(findings, currency).read(rows)
    except csv.Error as broken:
        raise FileRejected(max(rows.line_num, 1), f"it is no table: {broken}", findings.rows) from None


def _lines_of(content: bytes) -> tuple[Iterable[str], str]:
    """The lines of a text in any encoding, one by one, and what parts their cells."""
    text = _text_of(content)
    # Held as UTF-8: a StringIO takes four bytes a character.
    source = io.BytesIO(text.encode())
    return io.TextIOWrapper(source, encoding="utf-8", newline=""), _delimiter_of(text)


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
        # The same, by a row's four cells that name it: those without a finding.
        self.named: dict[tuple[str, str, str, str], PayoutSaid] = {}
        self.totals: dict[tuple[str, str], tuple[int, int]] = {}
        # Batches, and what is of another kind with its kind before it: an enum's hash takes long.
        self.known: set[tuple] = set()
        self.line = 0

    def read(self, rows) -> PayoutReport:
        pick, last = None, 0
        for row in rows:
            cells = [*map(str.strip, row), ""]
            if not any(cells):
                continue
            if pick is None:
                head = self._head(rows.line_num, row)
                last = max(head.values())
                # One that the file lacks is the cell behind the last: it is empty.
                pick = itemgetter(*(head.get(name, -1) for name in COLUMNS))
                continue
            self.line = rows.line_num
            if self.line > MAX_ROWS:
                raise FileRejected(self.line, f"it has more than {MAX_ROWS:,} lines; send it in parts")
            if len(row) > last + 200:
                raise FileRejected(self.line, "the row has far more cells than the header")
            if len(row) <= last:
                cells += [""] * (last + 1 - len(row))
            self._row(*pick(cells))
        if pick is None:
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

    def _row(
        self, reference: str, on: str, merchant: str, currency: str, said: str, terminal: str, batch: str,
        case: str, sold: str, *amounts: str,
    ) -> None:  # fmt: skip
        """The cells of COLUMNS in their order; amounts are those of _AMOUNTS."""
        before = len(self.findings.rows)
        name = reference, on, merchant, currency
        payout = self.named.get(name)
        if payout is None or len(terminal) > 20 or len(batch) > 20 or len(case) > 200:
            payout = self._payout(*name, terminal, batch, case)
            if payout is not None and len(self.findings.rows) == before:
                self.named[name] = payout
        kind = TYPES.get(bare(said)) if said else None
        if kind is None:
            kind = self._kind(said, batch)
        try:
            gross, fee, back, net = map(amounts_in(payout.currency if payout else self.currency), amounts)
        except ValueError:
            gross, fee, back, net = (
                self._amount(*each, payout) for each in zip(_AMOUNTS, amounts, strict=True)
            )
        sales = self._sales(sold) if sold else None
        if payout is None or kind is None or len(self.findings.rows) > before:
            return
        if not isinstance(kind, PartKind):
            key = merchant, reference
            if key in self.totals:
                self._bad("type", said, f"is the second total of payout {reference}")
            self.totals[key] = (self.line, net)
            return
        cases = tuple(dict.fromkeys(each.strip() for each in case.split(";") if each.strip())) if case else ()
        part = PayoutPart(self.line, kind, intern(terminal), batch, cases, sales, gross, fee, back)
        self._check(part, net)
        payout.parts.append(part)

    def _payout(
        self, reference: str, on: str, merchant: str, currency: str, terminal: str, batch: str, case: str
    ) -> PayoutSaid | None:
        said = {"payout": reference, "merchant": merchant}
        texts = said | {"terminal": terminal, "batch": batch, "case": case}
        for (name, text), most in zip(texts.items(), (60, 20, 20, 20, 200), strict=True):
            if len(text) > most:
                self._bad(name, text, f"has more than {most} characters")
        for name, text in said.items():
            if not text:
                self._bad(name, "", "is empty")
        currency = currency.upper() or self.currency
        if currency not in CURRENCIES:
            self._bad("currency", currency, "is no ISO 4217 currency")
            return None
        try:
            paid_on = day_of(on)
        except ValueError as wrong:
            self._bad("paid on", on, str(wrong))
            return None
        return self._same(merchant, reference, paid_on, currency)

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

    def _kind(self, said: str, batch: str) -> PartKind | None:
        """Of a row whose type says none."""
        if said:
            self._bad("type", said, "is none of batch, chargeback, won, fee and total")
            return None
        if batch:
            return PartKind.BATCH
        self._bad("type", "", "is empty, and so is the batch: what is the row about?")
        return None

    def _amount(self, name: str, text: str, payout: PayoutSaid | None) -> int:
        try:
            return amounts_in(payout.currency if payout else self.currency)(text)
        except ValueError as wrong:
            self._bad(name, text, str(wrong))
            return 0

    def _sales(self, text: str) -> int | None:
        if not (text.isascii() and text.isdigit() and len(text) < 8):
            self._bad("sales", text, "is not a count")
            return None
        return int(text)

    def _check(self, part: PayoutPart, net: int) -> None:
        """The row's own sum, its sign, and that it stands once."""
        if part.net_minor != net:
            self._bad(
                "net",
                str(net),
                f"is not {part.net_minor}, which gross less fee less chargebacks gives (minor units)",
            )
        same: tuple = part.terminal, part.batch, part.cases
        if part.kind != PartKind.BATCH:
            self._check_kind(part)
            same = part.kind, *same
        else:
            if not part.batch:
                self._bad("batch", "", "is empty in the row of a batch")
            if part.chargebacks_minor < 0:
                said = str(part.chargebacks_minor)
                self._bad("chargebacks", said, "is below zero; give what was won a row of type won")
        if same in self.known and part.kind != PartKind.FEE:
            self._bad(part.kind.lower(), part.batch or "".join(part.cases[:1]), "stands twice in the file")
        self.known.add(same)

    def _check_kind(self, part: PayoutPart) -> None:
        """A row that is of no batch."""
        kind, said = part.kind, str(part.chargebacks_minor)
        if kind == PartKind.CHARGEBACK and part.chargebacks_minor <= 0:
            self._bad("chargebacks", said, "is not above zero in a chargeback's row")
        if kind == PartKind.WON and part.chargebacks_minor >= 0:
            self._bad("chargebacks", said, "is not below zero in the row of one that was won")
        if kind != PartKind.FEE and len(part.cases) != 1:
            self._bad("case", "; ".join(part.cases), "is not one case: the row needs its number")
        for name, minor in (("gross", part.gross_minor), ("chargebacks", part.chargebacks_minor)):
            if minor and (name == "gross" or kind == PartKind.FEE):
                self._bad(name, str(minor), f"stands in a row of type {kind.lower()}, which has none")

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
