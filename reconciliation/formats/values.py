"""How texts of bank files become values: amounts, days, moments, numbers."""

import re
from datetime import date, datetime

from hms_ach.money import CURRENCIES, digits

_AMOUNT = re.compile(r"[0-9]{1,18}(?:\.([0-9]{1,5}))?", re.ASCII)
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NUMBER = re.compile(r"[0-9]{1,18}", re.ASCII)
# More than any account holds; what is below fits the database.
MAX_MINOR = 10**17
TOO_LARGE = "is larger than any account's balance"
_FIRST_YEAR, _LAST_YEAR = 1970, 2199
_DAYS_IN_MONTH = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
NO_REFERENCE = frozenset({"NOTPROVIDED", "NONREF", "NOREF", "KREF+", "EREF+", "EREF", "KREF", ""})


def amount_of(text: str, currency: str) -> tuple[int, str]:
    """Minor units of a decimal text with up to five decimals, and what is wrong with it, if anything."""
    found = _AMOUNT.fullmatch(text)
    if not found:
        return 0, "is not an amount: digits, and a point with up to five decimals"
    if currency not in CURRENCIES:
        return 0, f"is in {currency or 'no currency'}, which is not an ISO 4217 code"
    whole, _, fraction = text.partition(".")
    wanted = digits(currency)
    if fraction[wanted:].strip("0"):
        return 0, f"has more decimals than {currency} has ({wanted})"
    minor = int(whole + fraction[:wanted].ljust(wanted, "0"))
    return (minor, "") if minor < MAX_MINOR else (0, TOO_LARGE)


def may_be_thousands(whole: str, fraction: str, wanted: int) -> bool:
    """Whether 1.250 may be 1250 as well, where the currency has `wanted` decimals."""
    return len(fraction) == 3 > wanted and re.fullmatch(r"[1-9]\d{0,2}", whole, re.ASCII) is not None


def date_of(text: str) -> date | None:
    """The day of an ISO date or moment as written; None when it is neither."""
    if not _DATE.fullmatch(text[:10]):
        return None
    try:
        on = date.fromisoformat(text[:10])
    except ValueError:
        return None
    return on if _FIRST_YEAR <= on.year <= _LAST_YEAR else None


def day_of(year: str, month: str, day: str) -> date | None:
    """The day of three ASCII numbers, from 1970 to 2199; a year of two digits is from 1980 to 2079."""
    if not (_NUMBER.fullmatch(year) and _NUMBER.fullmatch(month) and _NUMBER.fullmatch(day)):
        return None
    number = int(year)
    if len(year) == 2:
        number += 2000 if number < 80 else 1900
    if not _FIRST_YEAR <= number <= _LAST_YEAR:
        return None
    try:
        return date(number, int(month), int(day))
    except (ValueError, OverflowError):
        return None


def last_day_of(year: str, month: str) -> date | None:
    """The last day of a month written as digits; None for a month that is none."""
    if not _NUMBER.fullmatch(month) or not 1 <= int(month) <= 12:
        return None
    longest = _DAYS_IN_MONTH[int(month) - 1]
    return day_of(year, month, str(longest)) or day_of(year, month, str(longest - 1))


def moment_of(text: str) -> datetime | None:
    """An ISO moment; None when it is not one."""
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def number_of(text: str) -> int | None:
    return int(text) if _NUMBER.fullmatch(text) else None
