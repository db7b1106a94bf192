"""One account's list of transactions in an OFX file, with everything that is wrong with it."""

import re
from datetime import date

from hms_ach.money import CURRENCIES, digits
from reconciliation.formats import values
from reconciliation.formats.labelled import labelled
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Balance, Entry, Statement

_PLAIN = re.compile(r"([+-]?)(\d{0,18})(?:[.,](\d{0,10}))?", re.ASCII)
_GROUPED = re.compile(r"([+-]?)(\d{1,3}(?:([., '])\d{3})(?:\3\d{3}){0,5})(?:[.,](\d{0,10}))?", re.ASCII)
_DEBITS = {"DEBIT", "CHECK", "PAYMENT", "FEE", "SRVCHG", "DIRECTDEBIT"}
_NUMBERS = ("CHECKNUM", "REFNUM", "SRVRTID")
MAX_BALANCES = 1_000


class Listing:
    """Takes elements in file order; sums as it reads."""

    def __init__(self, reading: Reading, line: int) -> None:
        self._reading, self._line = reading, line
        self._said: dict[str, str] = {}
        self._balances: list[Balance] = []
        self._amount: tuple[str, int] | None = None
        self._booked_minor = self._booked_count = 0
        self._days: dict[str, date | None] = {}
        self._posted: set[date] = set()
        self._is_told, self._digits = False, 2

    @property
    def _currency(self) -> str:
        return self._said.get("CURDEF", "")

    def take(self, inside: str, name: str, value: str, line: int) -> None:
        """A value outside the transactions."""
        if inside in ("CLBD", "CLAV"):
            if name == "BALAMT":
                self._amount = (value, line)
            elif name == "DTASOF" and self._amount is not None:
                self._balance(inside, value)
        elif value and name in ("CURDEF", "BANKID", "BROKERID", "ACCTID", "DTSTART", "DTEND"):
            if self._said.setdefault(name, value) != value and name in ("ACCTID", "CURDEF"):
                self._bad(line, name, value, "stands a second time with another value", rule="11.4.2")
            if name == "CURDEF" and self._currency in CURRENCIES:
                self._digits = digits(self._currency)
            if name == "CURDEF" and value not in CURRENCIES:
                self._bad(line, name, value, "is not an ISO 4217 code", rule="11.4.2")

    def _balance(self, code: str, day: str) -> None:
        assert self._amount is not None
        (amount, line), self._amount = self._amount, None
        if not amount:
            self._reading.warn(line, "BALAMT", "", "is empty; the balance counts as missing", rule="11.4.2")
            return
        minor = self._minor(amount, line, "BALAMT")
        if minor is not None and len(self._balances) < MAX_BALANCES:
            self._balances.append(Balance(code, minor, self._currency, self._day(day), line))

    def entry(self, fields: dict[str, str], line: int, raw: str) -> Entry | None:
        """One transaction (STMTTRN), or None after a fatal finding."""
        amount = fields.get("TRNAMT", "")
        minor = self._minor(amount, line, "TRNAMT")
        posted = fields.get("DTPOSTED", "")
        booked_on = self._day(posted)
        if booked_on is None:
            self._bad(line, "DTPOSTED", posted, "is not a day" if posted else "is missing", rule="3.2.8")
        if minor is None or booked_on is None:
            return None
        if raw.count("<TRNAMT>") > 1:
            self._bad(line, "TRNAMT", amount, "stands a second time in the transaction", rule="11.4.3")
        if "<CURRENCY>" in raw and fields.get("CURSYM", self._currency) != self._currency:
            problem = f"the list is in {self._currency}"
            self._bad(line, "CURRENCY", fields["CURSYM"], problem, rule="5.2")
        kind = fields.get("TRNTYPE", "")
        name = next((fields[each] for each in ("EXTDNAME", "NAME", "PAYEEID") if each in fields), "")
        memo = fields.get("MEMO", "")
        said = labelled(f"{name} {memo}", is_debit=minor < 0)
        if kind in _DEBITS and minor > 0:
            self._note_sign(line, amount, kind)
        reference = fields.get("FITID", "")
        if "CORRECTACTION" in fields:
            problem = "changes a transaction of an earlier file; ask the bank for the list as it is now"
            self._bad(line, "CORRECTACTION", fields["CORRECTACTION"], problem, rule="11.4.4")
        if not reference:
            self._bad(line, "FITID", "", "is missing", rule="3.2.3", switch="ofx_fitid_missing")
        self._booked_minor += minor
        self._booked_count += 1
        self._posted.add(booked_on)
        return Entry(
            minor,
            self._currency,
            booked_on,
            self._day(fields["DTAVAIL"]) or booked_on if "DTAVAIL" in fields else booked_on,
            reference[:70],
            _references(reference, fields, said.references),
            said.counterparty or name[:140],
            memo[:2000],
            kind[:40],
            source_line=line,
            raw=raw,
        )

    def _note_sign(self, line: int, amount: str, kind: str) -> None:
        if not self._is_told:
            self._is_told = True
            problem = f"is positive though the type is {kind}; the sign counts"
            self._reading.warn(line, "TRNAMT", amount, problem, rule="11.4.3")

    def _minor(self, text: str, line: int, name: str) -> int | None:
        """Signed minor units; None after a finding."""
        wanted = self._digits
        whole, _, fraction = text.removeprefix("-").partition(".")
        if len(fraction) == wanted and (whole + fraction).isdigit() and text.isascii() and len(text) < 18:
            minor = int(whole + fraction)
            return -minor if text[0] == "-" else minor
        found, switch = _PLAIN.fullmatch(text), ""
        if found and (found.group(2) or found.group(3)):
            sign, whole, fraction = found.groups()
        elif found := _GROUPED.fullmatch(text):
            sign, whole, _, fraction = found.groups()
            whole, switch = re.sub(r"\D", "", whole), "ofx_amounts_grouped"
        else:
            self._bad(line, name, text, "is not an amount: sign, digits, point or comma", rule="3.2.9")
            return None
        currency = self._currency
        fraction = fraction or ""
        if switch:
            problem = "has marks between thousands"
            self._bad(line, name, text, problem, rule="3.2.9", switch=switch)
        if fraction[wanted:].strip("0"):
            self._bad(line, name, text, f"has more decimals than {currency} has ({wanted})", rule="3.2.9")
            return None
        if not switch and values.may_be_thousands(whole, fraction, wanted):
            problem = "may be thousands as well as three decimals"
            self._bad(line, name, text, problem, rule="3.2.9")
            return None
        minor = int((whole or "0") + fraction[:wanted].ljust(wanted, "0"))
        if minor >= values.MAX_MINOR:
            self._bad(line, name, text, values.TOO_LARGE, rule="3.2.9")
            return None
        return -minor if sign == "-" else minor

    def _day(self, text: str) -> date | None:
        """The day of a moment (YYYYMMDDHHMMSS.XXX[zone]) as written (section 3.2.8)."""
        key = text[:8]
        if key not in self._days:
            if len(self._days) > 2_000:
                self._days = {}
            self._days[key] = values.day_of(key[:4], key[4:6], key[6:8]) if len(key) == 8 else None
        return self._days[key]

    def statement(self, last_line: int) -> Statement:
        """What the list says, once it is read. OFX has no opening balance and no statement numbers."""
        for name in ("CURDEF", "ACCTID"):
            if name not in self._said:
                self._bad(self._line, name, "", "is missing", rule="11.4.2")
        closing = next((balance for balance in self._balances if balance.code == "CLBD"), None)
        if closing is None:
            problem = "is missing; the list cannot be checked against a balance"
            self._reading.warn(self._line, "LEDGERBAL", "", problem, rule="11.4.2")
        from_on = self._day(self._said.get("DTSTART", ""))
        to_on = self._day(self._said.get("DTEND", "")) or (
            None if self._posted or not closing else closing.on
        )
        days = [day for day in (from_on, to_on, *self._posted) if day is not None]
        return Statement(
            account_number=self._said.get("ACCTID", ""),
            statement_id="",
            currency=self._currency,
            opening_minor=None,
            closing_minor=closing.amount_minor if closing else None,
            from_on=min(days, default=None),
            to_on=max(days, default=None),
            booked_minor=self._booked_minor,
            booked_count=self._booked_count,
            source_line=self._line,
            last_line=last_line,
            balances=tuple(self._balances),
        )

    def _bad(self, line: int, name: str, value: str, problem: str, *, rule: str, switch: str = "") -> None:
        self._reading.bad(line, name, value, problem, rule=rule, switch=switch)


def _references(reference: str, fields: dict[str, str], labelled: tuple[str, ...]) -> tuple[str, ...]:
    """The bank's reference and the other numbers, each once; a number of zeros is none."""
    texts = [reference, *(fields[name] for name in _NUMBERS if name in fields), *labelled]
    if len(texts) == 1:
        return (reference[:140],) if reference else ()
    return tuple(dict.fromkeys(text[:140] for text in texts if text.strip("0")))
