"""Amounts of money: whole minor units of an ISO 4217 currency. Never a float."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from babel.numbers import get_currency_symbol

from hms_ach.refusal import Refusal

# ISO 4217 list one: currencies by the number of digits of their minor unit.
_CODES = {
    0: "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF",
    2: """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF
    CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD
    HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT
    MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR
    SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU
    UZS VED VES WST XCD XCG YER ZAR ZMW ZWG
    """,
    3: "BHD IQD JOD KWD LYD OMR TND",
    4: "CLF UYW",
}
_DIGITS = {code: count for count, codes in _CODES.items() for code in codes.split()}

CURRENCIES = frozenset(_DIGITS)
MINUS = "\N{MINUS SIGN}"


class CurrencyUnknown(Refusal):
    code = "currency_unknown"
    status = 422
    sentence = "{currency} is not an ISO 4217 currency code. Use three capital letters such as USD."


class CurrencyMismatch(Refusal):
    code = "currency_mismatch"
    status = 422
    sentence = "{left} and {right} cannot be added or compared. Convert one of them first."


class MoneyMalformed(Refusal):
    code = "money_malformed"
    status = 422
    sentence = (
        "{text} is not an amount in {currency}. Write digits, 15 at most, with exactly {digits} decimals."
    )


def digits(currency: str) -> int:
    """How many decimals the currency's minor unit has (ISO 4217). Raises CurrencyUnknown."""
    try:
        return _DIGITS[currency]
    except KeyError:
        raise CurrencyUnknown(currency=currency) from None


@lru_cache(maxsize=256)
def _symbol(currency: str) -> str:
    symbol = get_currency_symbol(currency, locale="en_US")
    return f"{symbol}\N{NO-BREAK SPACE}" if symbol.isalpha() else symbol


@dataclass(frozen=True, slots=True)
class Money:
    """An amount in minor units (cents for USD, yen for JPY, fils for KWD)."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError("minor units are whole numbers")
        digits(self.currency)

    @classmethod
    def zero(cls, currency: str) -> "Money":
        return cls(0, currency)

    @classmethod
    def parse(cls, text: str, currency: str) -> "Money":
        """Read a decimal string with exactly the currency's digits, such as "125.00".

        Raises MoneyMalformed for anything else: other digits, a sign other than a leading minus,
        an exponent, a separator, white space, more than 15 whole digits. Raises CurrencyUnknown.
        """
        wanted = digits(currency)
        fraction = rf"\.[0-9]{{{wanted}}}" if wanted else ""
        if not isinstance(text, str) or not re.fullmatch(rf"-?[0-9]{{1,15}}{fraction}", text):
            raise MoneyMalformed(text=repr(text)[:40], currency=currency, digits=wanted)
        return cls(int(text.replace(".", "")), currency)

    @classmethod
    def from_json(cls, data: dict[str, str]) -> "Money":
        return cls.parse(data["amount"], data["currency"])

    def as_json(self) -> dict[str, str]:
        return {"amount": str(self), "currency": self.currency}

    def in_words(self) -> str:
        """The amount as people write it, always with its currency: "$1,250.00", "−KWD 1.250"."""
        sign = MINUS if self.minor < 0 else ""
        return f"{sign}{_symbol(self.currency)}{abs(self.decimal()):,.{digits(self.currency)}f}"

    def decimal(self) -> Decimal:
        """The amount in major units, exact."""
        return Decimal(self.minor).scaleb(-digits(self.currency))

    def split(self, weights: Sequence[int]) -> list["Money"]:
        """Shares in proportion to the weights whose sum is this amount (largest remainder).

        A left-over minor unit goes to the largest remainder, ties to the earlier share.
        """
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError("weights are not negative and one is positive")
        size, sign = abs(self.minor), -1 if self.minor < 0 else 1
        shares = [size * weight // whole for weight in weights]
        order = sorted(range(len(weights)), key=lambda i: (-(size * weights[i] % whole), i))
        for i in order[: size - sum(shares)]:
            shares[i] += 1
        return [Money(sign * share, self.currency) for share in shares]

    def _same(self, other: "Money") -> "Money":
        if not isinstance(other, Money):
            raise TypeError(f"money and {type(other).__name__} do not mix")
        if self.currency != other.currency:
            raise CurrencyMismatch(left=self.currency, right=other.currency)
        return other

    def __add__(self, other: "Money") -> "Money":
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: "Money") -> "Money":
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> "Money":
        return Money(-self.minor, self.currency)

    def __mul__(self, count: int) -> "Money":
        if type(count) is not int:
            raise TypeError("money is multiplied by whole numbers only; use split for shares")
        return Money(self.minor * count, self.currency)

    def __lt__(self, other: "Money") -> bool:
        return self.minor < self._same(other).minor

    def __le__(self, other: "Money") -> bool:
        return self.minor <= self._same(other).minor

    def __gt__(self, other: "Money") -> bool:
        return self.minor > self._same(other).minor

    def __ge__(self, other: "Money") -> bool:
        return self.minor >= self._same(other).minor

    def __bool__(self) -> bool:
        return self.minor != 0

    def __str__(self) -> str:
        return f"{self.decimal():f}"


def total(amounts: Sequence[Money], currency: str) -> Money:
    """The sum of amounts that all have this currency; zero of it when there are none."""
    result = Money.zero(currency)
    for amount in amounts:
        result += amount
    return result


def as_read(minor: int, currency: str) -> str:
    """An amount of a file without its currency; where the file names none that we know, with two decimals."""
    if currency in CURRENCIES:
        return str(Money(minor, currency))
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"
