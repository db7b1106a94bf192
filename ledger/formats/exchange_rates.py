"""Daily rates of exchange as files: the European Central Bank's XML, or CSV of date, base, quote, rate.

ECB: https://www.ecb.europa.eu/stats/policy_and_exchange_rates/euro_reference_exchange_rates — each day a
Cube with the time, in it a Cube for each currency: how many units of it one euro buys.
"""

import csv
import io
import re
from datetime import date
from decimal import Decimal
from typing import Any
from xml.parsers import expat

from hms_ach.money import CURRENCIES
from hms_ach.refusal import FileRejected
from ledger.rules.exchange_rate import Quoted

MAX_BYTES = 20 * 1024 * 1024
MAX_DEPTH = 16
COLUMNS = ["date", "base", "quote", "rate"]
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_RATE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,10})?")


def read_rates(content: bytes) -> list[Quoted]:
    """Every rate of the file, in its order.

    Raises FileRejected for a file that is neither, a currency, day or rate that is none, a pair that
    stands twice for a day with two rates, or a file without any.
    """
    if len(content) > MAX_BYTES:
        raise FileRejected(0, "the file is larger than 20 MB; send fewer days at a time")
    rates = _xml_rates(content) if content.lstrip()[:1] == b"<" else _csv_rates(content)
    if not rates:
        raise FileRejected(0, "the file holds no rate")
    seen: dict[tuple[str, str, date], Decimal] = {}
    for rate in rates:
        key = (rate.base, rate.quote, rate.on)
        if seen.setdefault(key, rate.rate) != rate.rate:
            raise FileRejected(
                rate.line, f"{rate.base} to {rate.quote} has two rates on {rate.on}; keep the right one"
            )
    return rates


def _quoted(line: int, day: str, base: str, quote: str, rate: str) -> Quoted:
    base, quote = base.upper(), quote.upper()
    for currency in (base, quote):
        if currency not in CURRENCIES:
            raise FileRejected(line, f"{currency[:10]!r} is no ISO 4217 currency code")
    if base == quote:
        raise FileRejected(line, f"{base} is quoted against itself")
    try:
        on = date.fromisoformat(day if _DAY.fullmatch(day) else "")
    except ValueError:
        raise FileRejected(line, f"{day[:20]!r} is no day; write it as 2026-01-31") from None
    if not _RATE.fullmatch(rate) or not Decimal(rate):
        problem = "is no rate; write a positive number such as 1.0563, with ten decimals at most"
        raise FileRejected(line, f"{rate[:30]!r} {problem}")
    return Quoted(line, on, base, quote, Decimal(rate))


def _csv_rates(content: bytes) -> list[Quoted]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileRejected(0, f"byte {error.start} is not UTF-8; save the file as CSV UTF-8") from None
    first = text.partition("\n")[0]
    separator = ";" if first.count(";") > first.count(",") else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    rates: list[Quoted] = []
    try:
        head = [cell.strip().lower() for cell in next(reader, [])]
        if head != COLUMNS:
            raise FileRejected(1, f"the first row is not {','.join(COLUMNS)}")
        for row in reader:
            if not row:
                continue
            if len(row) != len(COLUMNS):
                raise FileRejected(reader.line_num, f"the row has {len(row)} cells instead of {len(COLUMNS)}")
            rates.append(_quoted(reader.line_num, *(cell.strip() for cell in row)))
    except csv.Error as error:
        raise FileRejected(reader.line_num, f"this is not CSV: {error}") from None
    return rates


def _xml_rates(content: bytes) -> list[Quoted]:
    parser = expat.ParserCreate()
    rates: list[Quoted] = []
    day, depth = "", 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal day, depth
        depth += 1
        line = parser.CurrentLineNumber
        if depth > MAX_DEPTH:
            raise FileRejected(line, "elements are nested deeper than any file of rates")
        if name.rpartition(":")[2] != "Cube":
            return
        day = attributes.get("time", day)
        if "currency" in attributes or "rate" in attributes:
            currency, rate = attributes.get("currency", ""), attributes.get("rate", "")
            rates.append(_quoted(line, day, "EUR", currency, rate))

    def end(_name: str) -> None:
        nonlocal depth
        depth -= 1

    def refuse(*_arguments: Any) -> None:
        raise FileRejected(parser.CurrentLineNumber, "a document type or an entity is not taken")

    parser.StartElementHandler, parser.EndElementHandler = start, end
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = refuse
    parser.ProcessingInstructionHandler = refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        reason = expat.errors.messages.get(error.code, "malformed")
        raise FileRejected(error.lineno, f"this is not XML: {reason}") from None
    return rates
