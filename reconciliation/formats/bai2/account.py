"""One account of a BAI2 file (03 to 49): its balances, its transactions, its control total."""

from datetime import date

from hms_ach.money import CURRENCIES
from reconciliation.formats import values
from reconciliation.formats.bai2 import codes
from reconciliation.formats.bai2.records import reference_place
from reconciliation.formats.labelled import labelled
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Balance, Entry, Kind, Statement

_FUNDS = frozenset({"", "0", "1", "2", "Z", "S", "V", "D"})
_NO_REFERENCE = values.NO_REFERENCE
_PLACES = {"": 3, "0": 3, "1": 3, "2": 3, "Z": 3, "V": 5, "S": 6}
MAX_BALANCES = 1_000


class Account:
    """Sums as it reads: the control total adds up every amount of 03 and 16 as written (Control Totals)."""

    def __init__(
        self,
        reading: Reading,
        content: str,
        line: int,
        size: int,
        *,
        as_of: date | None,
        currency: str,
        kind: Kind,
    ) -> None:
        self._reading, self._line, self._as_of, self._kind = reading, line, as_of, kind
        self._records, self._entry_count = size, 0
        self._summary_total = self._entry_total = self._booked_minor = 0
        self._balances: list[Balance] = []
        self._days: dict[str, date | None] = {}
        fields = [field.strip() for field in content.split(",")]
        self.number = fields[0]
        if not self.number:
            self._bad(line, "03.2 account", "", "is missing")
        self.currency = fields[1] if len(fields) > 1 and fields[1] else currency
        if self.currency not in CURRENCIES:
            self._bad(line, "03.3 currency", self.currency, "is not an ISO 4217 code")
        self._summary(fields[2:], line)

    def _summary(self, fields: list[str], line: int) -> None:
        """Type code, amount, item count, funds type with its parts; over and over."""
        at = 0
        while at < len(fields):
            code, amount = fields[at], fields[at + 1] if at + 1 < len(fields) else ""
            minor = _signed(amount)
            if code and not (len(code) == 3 and code.isascii() and code.isdigit()):
                self._bad(line, "03 type code", code, "is not three digits")
                return
            if amount and minor is None:
                self._bad(line, f"03 amount of {code}", amount, "is not a number of minor units")
            elif minor is not None:
                self._summary_total += minor
                if codes.is_balance(code) and len(self._balances) < MAX_BALANCES:
                    name = codes.BALANCES.get(code, code)
                    if name in ("OPBD", "CLBD") and self._balance(name) not in (None, minor):
                        self._bad(line, f"03 amount of {code}", amount, "stands a second time in the account")
                    self._balances.append(Balance(name, minor, self.currency, self._as_of, line))
            # The place of what follows the funds type, as in a transaction, which has no item count.
            at += 1 + reference_place([code, amount, *fields[at + 3 : at + 5]])

    def entry(self, content: str, line: int, size: int) -> Entry | None:
        """One transaction (16), or None after a fatal finding."""
        self._records += size
        fields = content.split(",")
        if len(fields) < 3:
            fields += [""] * (3 - len(fields))
        code, amount, funds = fields[:3]
        sign = codes.sign_of(code)
        if not (amount.isascii() and amount.isdigit() and len(amount) <= 18):
            if amount or sign != 0:
                self._bad(line, "16.3 amount", amount, "is not a number of minor units")
            return None
        minor = int(amount)
        self._entry_total += minor
        if not sign:
            if sign is None:
                self._unknown(line, code)
            return None
        if sign < 0:
            minor = -minor
        if funds not in _FUNDS:
            self._bad(line, "16.4 funds type", funds, "is none of 0, 1, 2, D, S, V, Z")
            return None
        place = _PLACES.get(funds) or reference_place(fields)
        if funds == "D" and place > len(fields):
            count = fields[3] if len(fields) > 3 else ""
            self._bad(line, "16.5 distributions", count, "is not the number of the pairs of days and amounts")
        bank_reference, own, *texts = (
            fields[place:] if len(fields) > place + 1 else [*fields[place:], "", ""][:2]
        )
        bank_reference, own = bank_reference.strip(), own.strip()
        text = (",".join(texts) if len(texts) > 1 else texts[0]).strip(" ,/") if texts else ""
        said = labelled(text, is_debit=sign < 0)
        references = _references(bank_reference, own)
        self._booked_minor += minor
        self._entry_count += 1
        return Entry(
            minor,
            self.currency,
            self._as_of,
            self._value_on(fields, line) if funds == "V" else self._as_of,
            bank_reference if bank_reference.upper() not in _NO_REFERENCE else "",
            tuple(dict.fromkeys((*references, *said.references))) if said.references else references,
            said.counterparty,
            text[:2000],
            code,
            "BOOK",
            False,
            (),
            line,
            content,
        )

    def _unknown(self, line: int, code: str) -> None:
        problem = "is no transaction code of BAI2, so nobody knows whether it is a credit or a debit"
        self._bad(line, "16.2 type code", code, problem)

    def _value_on(self, fields: list[str], line: int) -> date | None:
        text = fields[3] if len(fields) > 3 else ""
        if text not in self._days:
            on = values.day_of(text[:2], text[2:4], text[4:]) if len(text) == 6 else None
            if len(self._days) < 1_000:
                self._days[text] = on
            if on is None:
                self._reading.warn(
                    line, "16.5 value date", text, "is not a day; the as-of date is used", rule="16"
                )
            return on or self._as_of
        return self._days[text] or self._as_of

    def check(self, content: str, line: int, size: int) -> int:
        """Compare the account trailer (49) with what was read; its total as stated."""
        self._records += size
        total, count, *_ = [*(field.strip() for field in content.split(",")), "", ""]
        stated, everything = _signed(total), self._summary_total + self._entry_total
        if not total:
            self._bad(line, "49.2 total", "", "is left out", switch="bai2_totals_blank")
        elif stated is None:
            self._bad(line, "49.2 total", total, "is not a number of minor units")
        elif stated != everything:
            is_entries = stated == self._entry_total
            problem = f"is not the sum of the account's amounts ({everything})"
            switch = "bai2_totals_of_entries" if is_entries else "bai2_totals_wrong"
            self._bad(line, "49.2 total", total, problem, switch=switch)
        if _signed(count) != self._records:
            problem = f"the account has {self._records} records"
            self._bad(line, "49.3 records", count, problem, switch="bai2_counts_wrong")
        return stated or 0

    def statement(self, name: str, last_line: int) -> Statement:
        opening, closing = self._balance("OPBD"), self._balance("CLBD")
        statement = Statement(
            account_number=self.number,
            statement_id=name,
            currency=self.currency,
            opening_minor=opening,
            closing_minor=closing,
            from_on=self._as_of,
            to_on=self._as_of,
            booked_minor=self._booked_minor,
            booked_count=self._entry_count,
            source_line=self._line,
            last_line=last_line,
            kind=self._kind,
            balances=tuple(self._balances),
        )
        if statement.difference_minor:
            problem = f"opening + entries differ from it by {statement.difference_minor} minor units"
            self._reading.warn(self._line, "03 closing (015)", str(closing), problem, rule="03")
        return statement

    def _balance(self, code: str) -> int | None:
        return next((balance.amount_minor for balance in self._balances if balance.code == code), None)

    def _bad(self, line: int, name: str, value: str, problem: str, *, switch: str = "") -> None:
        self._reading.bad(line, name, value, problem, rule=name[:2], switch=switch)


def _signed(text: str) -> int | None:
    """Minor units with an optional sign; None for anything else."""
    bare = text[1:] if text[:1] in ("+", "-") else text
    return int(text) if bare.isascii() and bare.isdigit() and len(bare) <= 18 else None


def _references(bank_reference: str, own: str) -> tuple[str, ...]:
    if not own or own == bank_reference or own.upper() in _NO_REFERENCE:
        return (bank_reference[:140],) if bank_reference.upper() not in _NO_REFERENCE else ()
    return (bank_reference[:140], own[:140]) if bank_reference.upper() not in _NO_REFERENCE else (own[:140],)
