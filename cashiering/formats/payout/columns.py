"""The columns of a processor's report, how processors call them, and how one cell is read."""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from cashiering.formats.payout.shape import PartKind
from hms_ach.money import digits

# The documented name first. Compared without case, spaces, dots, dashes and underscores.
COLUMNS = {
    "payout": ("payout", "payout id", "payout reference", "settlement id", "funding id", "deposit id"),
    "paid_on": ("paid on", "payout date", "settlement date", "funding date", "deposit date", "date"),
    "merchant": ("merchant", "merchant id", "mid", "merchant number"),
    "currency": ("currency", "ccy"),
    "type": ("type", "row type", "record type"),
    "terminal": ("terminal", "terminal id", "tid"),
    "batch": ("batch", "batch number", "batch id"),
    "case": ("case", "case id", "case number", "chargeback id"),
    "sales": ("sales", "count", "transactions"),
    "gross": ("gross", "gross amount", "gross sales", "volume"),
    "fee": ("fee", "fees", "discount"),
    "chargebacks": ("chargebacks", "chargeback", "chargeback amount"),
    "net": ("net", "net amount", "amount paid"),
}
NEEDED = ("payout", "paid_on", "merchant", "gross", "fee", "net")
TOTAL = "TOTAL"
TYPES = {
    "batch": PartKind.BATCH,
    "sale": PartKind.BATCH,
    "chargeback": PartKind.CHARGEBACK,
    "dispute": PartKind.CHARGEBACK,
    "won": PartKind.WON,
    "chargebackreversal": PartKind.WON,
    "representment": PartKind.WON,
    "fee": PartKind.FEE,
    "adjustment": PartKind.FEE,
    "total": TOTAL,
    "payout": TOTAL,
}
_AMOUNT = re.compile(r"(-?)(\(?)(-?)([0-9]{1,12}|[0-9]{1,3}(?:,[0-9]{3}){1,3})((?:\.[0-9]+)?)(\)?)", re.ASCII)
_DAY = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})(?:[T ].*)?", re.ASCII)


@lru_cache(maxsize=16)
def bare(name: str) -> str:
    """A column's or type's name as it is compared."""
    return re.sub(r"[\s._-]+", "", name).casefold()


NAMES = {bare(name): column for column, names in COLUMNS.items() for name in names}


@lru_cache(maxsize=16)
def amounts_in(currency: str) -> Callable[[str], int]:
    """Reads one currency's amounts, blanks around them cut off: minor units of "1,234.50", "-12.00" or
    "(12.00)"; of nothing 0. What it gives raises ValueError in words.
    """
    places = digits(currency)

    # Zeros and a contract's fees are many times in a file.
    @lru_cache(maxsize=1_024)
    def amount_of(text: str) -> int:
        if not text:
            return 0
        # Nearly every amount is plain digits and all decimals: it needs no expression.
        whole, _, fraction = text.partition(".")
        plain = whole + fraction
        if len(fraction) == places > 0 < len(whole) <= 12 and plain.isdigit() and plain.isascii():
            return int(plain)
        found = _AMOUNT.fullmatch(text)
        is_wrapped = bool(found and found[2])
        if not found or is_wrapped != bool(found[6]) or ((found[1] or is_wrapped) and found[3]):
            raise ValueError("is not an amount such as 1,234.50")
        if len(found[5].removeprefix(".")) != places:
            raise ValueError(f"has not the {places} decimals of {currency}")
        minor = int(found[4].replace(",", "") + found[5].removeprefix("."))
        return -minor if found[1] or found[3] or is_wrapped else minor

    return amount_of


@lru_cache(maxsize=16)
def day_of(text: str) -> date:
    """The day of "2026-03-12", with or without a time after it. Raises ValueError with what is wrong."""
    found = _DAY.fullmatch(text.strip())
    try:
        if found:
            return date(*(int(part) for part in found.groups()[:3]))
    except ValueError:
        pass
    raise ValueError("is not a day such as 2026-03-12")
