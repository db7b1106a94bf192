"""The line at the foot of a cheque, E-13B as ANSI X9.100-160 lays it out, as MICR readers type it."""

import re
from dataclasses import dataclass

# What readers type for the four symbols: the symbol itself, or a letter or sign of their own.
_SYMBOLS = {"⑆": "⑆TtAa:", "⑇": "⑇$Bb;", "⑈": "⑈UuOoCc<", "⑉": "⑉-Dd="}
_PLAIN = {ord(typed): symbol for symbol, all_typed in _SYMBOLS.items() for typed in all_typed}
# From left to right: a business cheque's number, the bank's routing number, on-us field, amount once encoded.
_LINE = re.compile(
    r"(?:⑈(?P<auxiliary>[0-9⑉]+)⑈)?⑆(?P<routing>[0-9]{9})⑆(?P<account>[0-9⑉]+)⑈(?P<serial>[0-9]*)(?:⑇[0-9]{10}⑇)?"
)
_WEIGHTS = (3, 7, 1, 3, 7, 1, 3, 7, 1)


class MicrUnread(ValueError):
    """The line cannot be trusted; its sentence says why and what to do."""


@dataclass(frozen=True, slots=True)
class MicrLine:
    """What a cheque says of itself. routing: the bank's ABA number; account: never kept or shown."""

    routing: str
    account: str
    number: str


def is_micr(text: str) -> bool:
    """Whether a reader typed this: digits and symbols only, with a routing number between its two symbols."""
    return re.search(r"⑆[0-9⑉]*⑆", _plain(text)) is not None


def read_micr(text: str) -> MicrLine:
    """Routing number, account and number of a cheque. Raises MicrUnread."""
    found = _LINE.fullmatch(_plain(text))
    if found is None:
        raise MicrUnread("The cheque was not read whole. Read it again, or type its number and bank.")
    routing = found["routing"]
    if sum(int(digit) * weight for digit, weight in zip(routing, _WEIGHTS, strict=True)) % 10:
        raise MicrUnread("The bank's number on the cheque was misread. Read it again, or type it.")
    if bool(found["auxiliary"]) == bool(found["serial"]):
        raise MicrUnread("Which number is the cheque's is not certain. Type its number and bank.")
    number = (found["auxiliary"] or found["serial"]).replace("⑉", "")
    return MicrLine(routing, found["account"].replace("⑉", ""), number.lstrip("0") or "0")


def _plain(text: str) -> str:
    return "".join(text.split()).translate(_PLAIN)
