"""Files that announce money: 835 remittances, and ACH files of ours or of what came back."""

from dataclasses import dataclass
from datetime import date

DAY = date(2026, 3, 12)
_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7)


@dataclass(frozen=True)
class Payment:
    """One 835 transaction of one claim that pays all of it."""

    trace: str
    amount: str = "1250.00"
    payer_id: str = "1512345678"
    payer: str = "MEADOW HEALTH"
    on: date = DAY
    method: str = "ACH"
    direction: str = "C"
    handling: str = "I"
    claims: str = ""


def remittances(*payments: Payment, control: int = 1) -> bytes:
    """An 835 interchange."""
    transactions = [_transaction(number, each) for number, each in enumerate(payments, start=1)]
    head = (
        f"ISA*00*          *00*          *ZZ*PAYER          *ZZ*NORTH          *{DAY:%y%m%d}*1200*^*00501*"
        f"{control:09}*0*P*:~\nGS*HP*PAYER*NORTH*{DAY:%Y%m%d}*1200*{control}*X*005010X221A1~\n"
    )
    return f"{head}{''.join(transactions)}GE*{len(payments)}*{control}~\nIEA*1*{control:09}~\n".encode()


def _transaction(number: int, each: Payment) -> str:
    banks = f"01*111000025*DA*123*{each.payer_id}**01*091000019*DA*456"
    segments = [
        f"ST*835*{number:04}",
        f"BPR*{each.handling}*{each.amount}*{each.direction}*{each.method}*CCP*{banks}*{each.on:%Y%m%d}",
        f"TRN*1*{each.trace}*{each.payer_id}",
        f"N1*PR*{each.payer}",
        "N1*PE*NORTH HOSPITAL*XX*1999999984",
        "LX*1",
        f"CLP*A1*1*{each.claims or each.amount}*{each.claims or each.amount}**12*C1",
    ]
    return "".join(f"{segment}~\n" for segment in [*segments, f"SE*{len(segments) + 1}*{number:04}"])


@dataclass(frozen=True)
class Entry:
    """One entry: code 27 collects, 22 pays out; with a return reason it is one that came back (26, 21)."""

    minor: int
    code: str = "27"
    trace: str = "091000010000001"
    reason: str = ""
    original_trace: str = ""
    individual_id: str = ""


def ach_file(
    *entries: Entry,
    company_id: str = "1999999984",
    on: date = DAY,
    created_on: date = DAY,
    modifier: str = "A",
    number: int = 1,
) -> bytes:
    """A NACHA file of one batch whose controls agree with its entries."""
    made, days = f"{created_on:%y%m%d}0930{modifier}", f"{on:%y%m%d}{on:%y%m%d}"
    records = [
        f"101 0910000191999999984{made}094101{'FIRST BANK':23}{'NORTH HOSPITAL':23}{'':8}",
        f"5200{'NORTH HOSPITAL':16}{'':20}{company_id}PPDPATIENTPAY{days}   109100001{number:07}",
    ]
    for each in entries:
        records.append(
            f"6{each.code}09100001{_check_digit('09100001')}{'123456':17}{each.minor:010}{each.individual_id:15}"
            f"{'A PATIENT':22}  {int(bool(each.reason))}{each.trace:15}"
        )
        if each.reason:
            records.append(f"799{each.reason}{each.original_trace:15}{'':6}09100001{'':44}{each.trace:15}")
    debit = sum(each.minor for each in entries if int(each.code) % 10 >= 5)
    credit = sum(each.minor for each in entries) - debit
    count = len(records) - 2
    hashed = 9100001 * len(entries) % 10**10
    sums = f"{hashed:010}{debit:012}{credit:012}"
    records.append(f"8200{count:06}{sums}{company_id}{'':25}09100001{number:07}")
    blocks = -(-(len(records) + 1) // 10)
    records.append(f"9{1:06}{blocks:06}{count:08}{sums}{'':39}")
    records += ["9" * 94] * (-len(records) % 10)
    return "".join(f"{record}\n" for record in records).encode()


def _check_digit(routing: str) -> str:
    return str(-sum(int(digit) * weight for digit, weight in zip(routing, _WEIGHTS, strict=True)) % 10)
