"""What a remittance (835, 005010X221A1) announces of its payment: amount, day, trace and payer.

Its claims are only added up, to tell whether the payment balances.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from cashiering.formats.findings import Findings
from cashiering.formats.x12.segments import Segment, segments
from hms_ach.money import CURRENCIES, digits
from hms_ach.refusal import Finding

_AMOUNT = re.compile(r"-?(?=\.?[0-9])[0-9]{0,15}(\.[0-9]{0,4})?", re.ASCII)
_PLB_AMOUNTS = (4, 6, 8, 10, 12, 14)


@dataclass(slots=True)
class RemittanceNotice:
    """One payment. amount_minor as the bank shows it: below zero where the payer takes money.

    effective_on  the day on which the file was made where a cheque is paid and BPR16 is left out
    method    BPR04: ACH, CHK, FWT (wire), BOP or NON
    payer_id  TRN03, the payer's identifier at its bank
    """

    line: int
    amount_minor: int = 0
    currency: str = "USD"
    method: str = ""
    is_notice_only: bool = False
    effective_on: date | None = None
    trace: str = ""
    payer_id: str = ""
    payer_name: str = ""
    balance: list[Decimal] = field(default_factory=lambda: [Decimal(0), Decimal(0)])
    said: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class RemittanceFile:
    notices: list[RemittanceNotice]
    findings: list[Finding]


def read(chunks: Iterable[bytes]) -> RemittanceFile:
    """The payments of all 835 transactions of a file.

    Raises FileRejected with all findings: envelopes that do not agree, another transaction than 835, a
    payment without amount, day or trace. A payment that its claims do not add up to is a warning (E4),
    and so is a file that calls itself a test.
    """
    findings = Findings("835")
    notices: list[RemittanceNotice] = []
    made_on = None
    for segment in segments(chunks, findings):
        handle = _HANDLERS.get(segment.name)
        if handle:
            handle(notices[-1], segment, findings)
        elif segment.name == "ISA" and segment[15] == "T":
            findings.warn(segment.line, "ISA15", "T", "says that this is a test: no money may come", "ISA")
        elif segment.name == "GS":
            made_on = _day(segment[4])
        elif segment.name == "ST":
            if segment[1] != "835":
                findings.bad(segment.line, "ST01", segment[1], "is not 835: this is no remittance", "ST")
            notices.append(RemittanceNotice(segment.line))
        elif segment.name == "SE":
            _finish(notices[-1], findings)
            notices[-1].effective_on = notices[-1].effective_on or made_on
    findings.refuse()
    return RemittanceFile(notices, findings.rows)


def _payment(notice: RemittanceNotice, segment: Segment, findings: Findings) -> None:
    notice.line = segment.line
    notice.said = _decimal(segment, 2, findings)
    if notice.said < 0:
        findings.bad(segment.line, "BPR02", segment[2], "is below zero", "BPR")
    notice.is_notice_only = segment[1] == "H"
    notice.method = segment[4]
    notice.amount_minor = -1 if segment[3] == "D" else 1
    if segment[3] not in ("C", "D"):
        findings.bad(segment.line, "BPR03", segment[3], "is neither C nor D", "BPR")
    notice.effective_on = _day(segment[16])
    if notice.effective_on is None and (segment[16] or notice.method not in ("CHK", "NON")):
        findings.bad(segment.line, "BPR16", segment[16], "is not a day as CCYYMMDD", "BPR")


def _trace(notice: RemittanceNotice, segment: Segment, findings: Findings) -> None:
    if segment[1] == "1" and not notice.trace:
        notice.trace, notice.payer_id = segment[2], segment[3]


def _currency(notice: RemittanceNotice, segment: Segment, findings: Findings) -> None:
    if segment[1] == "PR":
        notice.currency = segment[2]
        if segment[2] not in CURRENCIES:
            findings.bad(segment.line, "CUR02", segment[2], "is not an ISO 4217 code", "CUR")
            notice.currency = "USD"


def _name(notice: RemittanceNotice, segment: Segment, findings: Findings) -> None:
    if segment[1] == "PR" and not notice.payer_name:
        notice.payer_name = segment[2]


def _claim(notice: RemittanceNotice, segment: Segment, findings: Findings) -> None:
    notice.balance[0] += _decimal(segment, 4, findings)


def _provider_balance(notice: RemittanceNotice, segment: Segment, findings: Findings) -> None:
    for position in _PLB_AMOUNTS:
        if segment[position]:
            notice.balance[1] += _decimal(segment, position, findings)


def _finish(notice: RemittanceNotice, findings: Findings) -> None:
    if not notice.method:
        findings.bad(notice.line, "BPR", "", "the payment (BPR) is missing", "BPR")
        return
    if not notice.trace:
        findings.bad(notice.line, "TRN02", "", "the trace (TRN) is missing", "TRN")
    minor = notice.said.scaleb(digits(notice.currency))
    if minor != minor.to_integral_value():
        findings.bad(
            notice.line, "BPR02", str(notice.said), f"has more decimals than {notice.currency}", "BPR"
        )
        return
    notice.amount_minor *= int(minor)
    paid, adjusted = notice.balance
    if paid - adjusted != notice.said:
        problem = f"but claims less adjustments are {paid - adjusted} (E4)"
        findings.warn(notice.line, "BPR02", str(notice.said), problem, "1.10.2.1")


_HANDLERS = {
    "BPR": _payment,
    "TRN": _trace,
    "CUR": _currency,
    "N1": _name,
    "CLP": _claim,
    "PLB": _provider_balance,
}


def _decimal(segment: Segment, position: int, findings: Findings) -> Decimal:
    text = segment[position]
    if not _AMOUNT.fullmatch(text):
        findings.bad(segment.line, f"{segment.name}{position:02}", text, "is not an amount", segment.name)
        return Decimal(0)
    return Decimal(text)


def _day(text: str) -> date | None:
    if not re.fullmatch(r"[0-9]{8}", text, re.ASCII):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:]))
    except ValueError:
        return None
