"""One message: its head, its balances and its entries, with everything that is wrong with them."""

import re
from datetime import date

from hms_ach.money import CURRENCIES, digits
from reconciliation.formats import values
from reconciliation.formats.mt940.details import Details, details_of
from reconciliation.formats.mt940.fields import Field
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Balance, Entry, Kind, Statement

_ENTRY = re.compile(
    r"(\d{6})(\d{4})? ?(R?[CD]|E[CD])([A-Z]?)(\d{1,15},\d{0,5}|\d{1,15}(?=[NFS][A-Z0-9]{2}[A-Z0-9 ]))"
    r" ?([A-Z][A-Z0-9]{3}|[NFS][A-Z]{2} )?(.*)",
    re.ASCII,
)
_BALANCE = re.compile(r"([CD])(\d{6})([A-Z]{3})(\d{1,15},\d{0,5})\s*", re.ASCII)
_NUMBER = re.compile(r"(\d{1,9})(?:/(\d{1,5}))?\s*", re.ASCII)
_SIDES = {"C": 1, "D": -1, "RC": -1, "RD": 1, "EC": 1, "ED": -1}
_CODES = {"60F": "OPBD", "60M": "OPBD", "62F": "CLBD", "62M": "CLBD", "64": "CLAV", "65": "FWAV"}
_NOTHING = Details()
_TWO_DIGITS = frozenset(code for code in CURRENCIES if digits(code) == 2)
MAX_BALANCES = 1_000


class Message:
    """Takes fields in file order. `has_begun` after its reference, `is_closed` after its last balance."""

    def __init__(self, reading: Reading, said_kind: str, line: int) -> None:
        self._reading, self._line = reading, line
        self._is_interim = said_kind == "942"
        self._texts: dict[str, str] = {}
        self._balances: list[Balance] = []
        self._opening: Balance | None = None
        self._closing: Balance | None = None
        self._is_last_page, self._page = True, 1
        self._number: int | None = None
        self._currency = ""
        self._made_on: date | None = None
        self._booked_minor = self._booked_count = self._expected_count = 0
        self._days: dict[tuple[str, str], tuple[date, date] | None] = {}
        self._first_on: date | None = None
        self._last_on: date | None = None

    @property
    def has_begun(self) -> bool:
        return bool(self._texts) or self.is_closed or self._booked_count > 0

    @property
    def is_closed(self) -> bool:
        return self._closing is not None

    def take(self, found: Field) -> None:
        """Any field but an entry and its information."""
        tag, lines, line = found
        content = lines[0].strip()
        if tag in _CODES:
            self._balance(tag, content, line)
        elif tag in ("28", "28C", "28D"):
            self._numbered(content, line)
        elif tag in ("34F", "13D", "90C", "90D"):
            self._is_interim = True
            if tag == "13D":
                self._made_on = values.day_of(content[:2], content[2:4], content[4:6])
            if tag == "34F" and content[:3] in CURRENCIES:
                self._currency = self._currency or content[:3]
        elif tag in ("20", "25", "25P"):
            tag = tag[:2]
            if tag in self._texts and content != self._texts[tag]:
                self._bad(line, f":{tag}:", content, "stands a second time in the statement")
            self._texts.setdefault(tag, content)

    def _numbered(self, content: str, line: int) -> None:
        found = _NUMBER.fullmatch(content)
        if not found:
            self._bad(line, ":28C:", content, "is not a number and a page", switch="mt940_headers_missing")
            return
        self._number = int(found.group(1))
        self._page = max(int(found.group(2) or 1), 1) if self._number else 1

    def _balance(self, tag: str, content: str, line: int) -> None:
        found = _BALANCE.fullmatch(content)
        on = self._rolled(found.group(2), line, f":{tag}:") if found else None
        if not found or on is None:
            if tag in ("64", "65"):
                self._reading.warn(line, f":{tag}:", content, "is not a balance", rule=f":{tag}:")
            else:
                problem = "is not a balance: C or D, YYMMDD, currency, amount with a comma"
                self._bad(line, f":{tag}:", content, problem)
            return
        side, _, currency, amount = found.groups()
        minor = self._minor(amount, currency, line, f":{tag}:")
        balance = Balance(_CODES[tag], -minor if side == "D" else minor, currency, on, line)
        if len(self._balances) < MAX_BALANCES:
            self._balances.append(balance)
        if currency != (self._currency or currency):
            self._bad(line, f":{tag}:", currency, f"the statement is in {self._currency}")
        self._currency = self._currency or currency
        before = self._opening if tag[:2] == "60" else self._closing if tag[:2] == "62" else None
        if before and (before.amount_minor, before.on) != (balance.amount_minor, balance.on):
            self._bad(line, f":{tag}:", content, "stands a second time in the statement")
        if tag in ("60F", "60M"):
            self._opening = self._opening or balance
        elif tag in ("62F", "62M"):
            self._closing, self._is_last_page = balance, tag == "62F"

    def entry(self, entry: Field, information: list[str] | None) -> Entry | None:
        """An entry (:61:) with the lines of its information (:86:), or None after a fatal finding."""
        _, lines, line = entry
        first = lines[0]
        found = _ENTRY.fullmatch(first)
        if not found:
            self._bad(
                line, ":61:", first, "is not an entry: date, C or D, amount with a comma, type, reference"
            )
            return None
        value, entered, side, _, amount, code, rest = found.groups()
        code = (code or "").rstrip()
        days = self._days.get((value, entered)) or self._dated(value, entered or "", line)
        if days is None:
            return None
        booked_on, value_on = days
        minor = _SIDES[side] * self._minor(amount, self._currency or "USD", line, ":61: amount")
        said = details_of(information, is_debit=minor < 0) if information is not None else _NOTHING
        own, _, bank = rest.partition("//")
        bank, own = bank.strip(), own.strip()
        is_booked = side[0] != "E"
        if is_booked:
            self._booked_minor += minor
            self._booked_count += 1
        else:
            self._expected_count += 1
        supplement = " ".join(lines[1:]).strip() if len(lines) > 1 else ""
        texts = said.description or supplement
        return Entry(
            minor,
            self._currency,
            booked_on,
            value_on,
            bank if bank not in values.NO_REFERENCE else "",
            _references(bank, own, said.references),
            said.counterparty,
            f"{said.description} {supplement}" if said.description and supplement else texts,
            code if not said.code else f"{code}-{said.code}",
            "BOOK" if is_booked else "PDNG",
            side[0] == "R",
            (),
            line,
            first,
        )

    def _minor(self, amount: str, currency: str, line: int, name: str) -> int:
        """Minor units of an amount with a decimal comma; noted when the currency knows no such amount."""
        whole, _, fraction = amount.partition(",")
        wanted = 2
        if len(fraction) == 2 and currency in _TWO_DIGITS:
            return int(whole + fraction)
        if currency in CURRENCIES:
            wanted = digits(currency)
        elif name != ":61: amount":
            self._bad(line, name, currency, "is not an ISO 4217 code")
        if fraction[wanted:].strip("0"):
            self._bad(line, name, amount, f"has more decimals than {currency} has ({wanted})")
        return int(whole + fraction[:wanted].ljust(wanted, "0"))

    def _dated(self, value: str, entered: str, line: int) -> tuple[date, date] | None:
        """(entry date, value date); the entry date has no year: the nearest to the value date counts."""
        value_on = self._rolled(value, line, ":61: value date")
        if value_on is None:
            return None
        booked_on = value_on
        if entered:
            years = sorted((value_on.year, value_on.year - 1, value_on.year + 1))
            near = [values.day_of(str(year), entered[:2], entered[2:]) for year in years]
            real = [day for day in near if day is not None]
            if real:
                booked_on = min(real, key=lambda day: abs(day - value_on))
            else:
                rolled = self._rolled(value[:2] + entered, line, ":61: entry date")
                booked_on = rolled or value_on
        if len(self._days) < 1_000:
            self._days[value, entered] = (booked_on, value_on)
        if self._first_on is None or booked_on < self._first_on:
            self._first_on = booked_on
        if self._last_on is None or booked_on > self._last_on:
            self._last_on = booked_on
        return booked_on, value_on

    def _rolled(self, text: str, line: int, name: str) -> date | None:
        """The day YYMMDD; 30 February is the month's last day where the account's profile says so."""
        on = values.day_of(text[:2], text[2:4], text[4:])
        if on is None and text[4:] in ("29", "30", "31"):
            on = values.last_day_of(text[:2], text[2:4])
            if on is not None:
                problem = f"is no day; read as {on}"
                self._bad(line, name, text, problem, switch="mt940_days_of_30")
                return on
        if on is None:
            self._bad(line, name, text, "is not a day (YYMMDD)")
        return on

    def statement(self, last_line: int) -> Statement:
        """What the message says, once all its fields are taken."""
        opening, closing = self._opening, self._closing
        to_on = (closing.on if closing else None) or self._last_on or self._made_on
        from_on = self._first_on or (opening.on if opening else None) or to_on
        if from_on is not None and to_on is not None and from_on > to_on:
            from_on = to_on
        statement = Statement(
            account_number=_account(self._texts.get("25", "")),
            statement_id=str(self._number) if self._number else f"{to_on}" if to_on else "",
            currency=self._currency,
            opening_minor=opening.amount_minor if opening else None,
            closing_minor=closing.amount_minor if closing else None,
            from_on=from_on,
            to_on=to_on,
            sequence=self._number or None,
            booked_minor=self._booked_minor,
            booked_count=self._booked_count,
            source_line=self._line,
            last_line=last_line,
            kind=Kind.INTERIM if self._is_interim else Kind.FINAL,
            page=self._page,
            is_last_page=self._is_last_page,
            balances=tuple(self._balances),
            other_count=self._expected_count,
        )
        self._check(statement)
        return statement

    def _check(self, statement: Statement) -> None:
        line = statement.source_line
        for tag, said in (("20", self._texts.get("20")), ("25", self._texts.get("25"))):
            if not said:
                self._bad(line, f":{tag}:", "", "is missing", switch="mt940_headers_missing")
        if self._number is None:
            self._bad(line, ":28C:", "", "is missing", switch="mt940_headers_missing")
        if statement.kind == Kind.FINAL:
            for tag, balance in (("60F", self._opening), ("62F", self._closing)):
                if balance is None:
                    problem = "is missing; the sum cannot be checked"
                    self._bad(line, f":{tag}:", "", problem, switch="mt940_balances_missing")
        if self._closing is not None and statement.difference_minor:
            off = statement.difference_minor
            problem = f"opening + entries differ from it by {off} minor units"
            value = str(statement.closing_minor)
            self._reading.warn(self._closing.source_line, ":62F:", value, problem, rule=":62F:")

    def _bad(self, line: int, name: str, value: str, problem: str, *, switch: str = "") -> None:
        self._reading.bad(line, name, value, problem, rule=name.split(" ")[0], switch=switch)


def _account(text: str) -> str:
    """The account of :25:, without the currency that some banks write behind it."""
    return text[:-3] if text[-3:] in CURRENCIES and text[-4:-3].isdigit() else text


def _references(bank: str, own: str, more: tuple[str, ...]) -> tuple[str, ...]:
    found = [text[:140] for text in (bank, own, *more) if text not in values.NO_REFERENCE]
    return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))
