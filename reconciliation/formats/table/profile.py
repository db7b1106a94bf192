"""What the columns of one bank's tables mean."""

import re
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from functools import lru_cache
from typing import Any

from hms_ach.money import CURRENCIES, digits
from hms_ach.refusal import Refusal
from reconciliation.formats import values

# What a column can hold. Several columns may be joined for the texts: "4+5", or names with a plus.
FIELDS = {
    "booked_on": "Booking date",
    "value_on": "Value date",
    "amount": "Amount with its sign",
    "debit": "Debit amount",
    "credit": "Credit amount",
    "side": "Debit or credit",
    "balance": "Balance after the row",
    "currency": "Currency",
    "account": "Account number",
    "bank_reference": "Bank's reference",
    "reference": "Other reference",
    "counterparty": "Counterparty",
    "description": "Description",
    "code": "Type",
}
_MONTHS = {
    name: number
    for names in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jan feb mär apr mai jun jul aug sep okt nov dez",
        "ene feb mar abr may jun jul ago sep oct nov dic",
    )
    for number, name in enumerate(names.split(), start=1)
}
_TOKENS = {
    "YYYY": r"(?P<year>\d{4})",
    "YY": r"(?P<year>\d{2})",
    "MMM": r"(?P<name>[^\W\d]{3})[^\W\d]*\.?",
    "MM": r"(?P<month>\d{1,2})",
    "DD": r"(?P<day>\d{1,2})",
}


class ProfileWrong(Refusal):
    code = "table_profile_wrong"
    status = 422
    sentence = "The column profile cannot be used: {problem}. Correct it and try it on a file."


@dataclass(frozen=True, slots=True)
class TableProfile:
    """How one bank's table is read.

    columns       field (see FIELDS) to column: a heading, a number from 1, or several with "+"
    has_headings  whether the first row after `skipped_head` names the columns
    skipped_head  rows before the headings, skipped_foot rows after the last entry
    date_format   of YYYY, YY, MMM, MM, DD and what stands between, such as "DD.MM.YYYY"
    decimal_mark  "." or ","; other marks may stand between thousands
    debit_words   what a debit is called in the column "side"; anything else there is in credit_words
    currency, account_number  used where no column says them
    is_newest_first  the order of the rows, for the balance column
    delimiter     of CSV; found by itself when ""
    sheet         of XLSX; the first when ""
    """

    columns: Mapping[str, str] = field(default_factory=dict)
    has_headings: bool = True
    skipped_head: int = 0
    skipped_foot: int = 0
    date_format: str = "YYYY-MM-DD"
    decimal_mark: str = "."
    debit_words: tuple[str, ...] = ("DBIT", "D", "DR", "DEBIT", "S", "SOLL")
    credit_words: tuple[str, ...] = ("CRDT", "C", "CR", "CREDIT", "H", "HABEN")
    currency: str = ""
    account_number: str = ""
    is_newest_first: bool = False
    delimiter: str = ""
    sheet: str = ""

    def __post_init__(self) -> None:
        unknown = set(self.columns) - set(FIELDS)
        if unknown:
            raise ProfileWrong(problem=f"there is no field {min(unknown)}")
        if "booked_on" not in self.columns:
            raise ProfileWrong(problem="no column holds the booking date")
        if "amount" not in self.columns and not {"debit", "credit"} <= set(self.columns):
            raise ProfileWrong(problem="no column holds the amount, nor two hold debit and credit")
        if "amount" in self.columns and {"debit", "credit"} & set(self.columns):
            raise ProfileWrong(problem="an amount column and debit or credit columns exclude each other")
        if self.decimal_mark not in (".", ","):
            raise ProfileWrong(problem="the decimal mark is a point or a comma")
        if len(self.delimiter) > 1:
            raise ProfileWrong(problem="the delimiter is one character")
        if self.currency and self.currency not in CURRENCIES:
            raise ProfileWrong(problem=f"{self.currency[:10]} is not an ISO 4217 code")
        if not (0 <= self.skipped_head <= 1_000 and 0 <= self.skipped_foot <= 1_000):
            raise ProfileWrong(problem="at most 1,000 rows are skipped at the head and at the foot")
        if not self.has_headings and not all(_are_numbers(column) for column in self.columns.values()):
            raise ProfileWrong(problem="a table without headings names its columns by numbers")
        date_pattern(self.date_format)

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> "TableProfile":
        """A kept profile, or what a person or a program wrote. Raises ProfileWrong."""
        known = {each.name: each for each in fields(cls)}
        if not isinstance(data, Mapping) or set(data) - set(known):
            raise ProfileWrong(problem="it has members that no profile has")
        taken: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in data.items()
        }
        defaults = cls(columns={"booked_on": "1", "amount": "2"})
        for name, value in taken.items():
            wanted = dict if name == "columns" else type(getattr(defaults, name))
            inside = value.values() if isinstance(value, dict) else value if isinstance(value, tuple) else ()
            if not isinstance(value, wanted) or not all(isinstance(each, str) for each in inside):
                raise ProfileWrong(problem=f"the member {name} has the wrong type")
        return cls(**taken)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"columns": dict(self.columns)}


def _are_numbers(column: str) -> bool:
    return all(part.strip().isdecimal() and part.isascii() for part in column.split("+"))


@lru_cache(maxsize=64)
def date_pattern(text: str) -> re.Pattern[str]:
    """The expression for a date format. Raises ProfileWrong."""
    parts = re.split(r"(YYYY|YY|MMM|MM|DD)", text)
    pattern = "".join(_TOKENS.get(part) or re.escape(part) for part in parts)
    tokens = [part for part in parts if part in _TOKENS]
    is_whole = {"DD"} < set(tokens) and {"MM", "MMM"} & set(tokens) and {"YYYY", "YY"} & set(tokens)
    if not is_whole or len(tokens) != 3 or len(text) > 20:
        raise ProfileWrong(problem="the date format has one each of YYYY or YY, MM or MMM, and DD")
    return re.compile(pattern + r"(?:[ T].*)?", re.DOTALL)


def date_by(pattern: re.Pattern[str], text: str) -> date | None:
    """The day of a text in a profile's date format, with or without a time behind it."""
    found = pattern.fullmatch(text)
    if not found:
        return None
    named = found.groupdict()
    month = named.get("month") or str(_MONTHS.get((named.get("name") or "").lower(), ""))
    return values.day_of(named["year"], month, named["day"])


_BLANKS = " \u00a0\u202f"
_DASHES = str.maketrans({"\u2212": "-", "\u2013": "-"})
_MARK = re.compile(rf"[{_BLANKS}]*[$€£¥][{_BLANKS}]*")
_AMOUNTS = {
    mark: re.compile(
        rf"(?P<open>\()?(?P<sign>[+-])?\s?(?P<whole>\d{{1,3}}(?:(?P<group>[{group}])\d{{3}})"
        rf"(?:(?P=group)\d{{3}})*|\d*)(?:[{mark}](?P<fraction>\d*))?(?P<close>\))?[{_BLANKS}]?(?P<after>[+-]|CR|DR)?",
        re.ASCII | re.IGNORECASE,
    )
    for mark, group in ((".", ",' \u00a0\u202f\u2019"), (",", ".' \u00a0\u202f\u2019"))
}


def amount_by(mark: str, text: str, currency: str) -> tuple[int, str]:
    """Signed minor units of an amount as banks print it, and what is wrong with it, if anything."""
    return amounts_by(mark, currency)(text)


@lru_cache(maxsize=256)
def amounts_by(mark: str, currency: str) -> Callable[[str], tuple[int, str]]:
    """`amount_by` of one mark and currency, for the many amounts of a table."""
    wanted = digits(currency) if currency in CURRENCIES else 2

    def read(text: str) -> tuple[int, str]:
        # Nearly every amount is plain digits, the mark and all decimals: it needs no expression.
        whole, marked, cents = text.partition(mark)
        if marked and len(cents) == wanted and len(text) < 18 and text.isascii():
            plain = whole + cents
            if plain.isdigit():
                return int(plain), ""
            if plain[:1] == "-" and plain[1:].isdigit():
                return -int(plain[1:]), ""
        return _printed(mark, text, currency, wanted)

    return read


def _printed(mark: str, text: str, currency: str, wanted: int) -> tuple[int, str]:
    bare = _MARK.sub("", text.translate(_DASHES), count=1)
    if currency:
        bare = bare.strip(_BLANKS).removeprefix(currency).removesuffix(currency)
    found = _AMOUNTS[mark].fullmatch(bare.strip(_BLANKS))
    if not found or not (found["whole"] or found["fraction"]) or len(text) > 40:
        return 0, f"is not an amount with the decimal mark {mark!r}"
    if bool(found["open"]) != bool(found["close"]) or (found["sign"] and (found["open"] or found["after"])):
        return 0, "has two signs, or half of a pair of brackets"
    fraction = found["fraction"] or ""
    if fraction[wanted:].strip("0"):
        return 0, f"has more decimals than {currency} has ({wanted})"
    if values.may_be_thousands(found["whole"], fraction, wanted):
        return 0, f"may be thousands as well as three decimals: the decimal mark is {mark!r}"
    minor = int(re.sub(r"\D", "", found["whole"] or "0") + fraction[:wanted].ljust(wanted, "0"))
    if minor >= values.MAX_MINOR:
        return 0, values.TOO_LARGE
    is_negative = found["sign"] == "-" or found["open"] or (found["after"] or "").upper() in ("-", "DR")
    return (-minor if is_negative else minor), ""
