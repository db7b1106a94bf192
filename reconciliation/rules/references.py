"""Making references comparable: what a bank pads, spaces or prefixes is the same reference."""

import re
from collections.abc import Iterable
from functools import lru_cache

_SEPARATORS = re.compile(r"[^0-9A-Z]+")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]{3,34}")
_PREFIX = re.compile(
    r"(?:EREF|KREF|REF|TRN|TRACE|EFT|BAG|SLIP|BATCH|DEP|CHK|CHECK|CHEQUE|INV|NR|NO|ID|MID|TID)(?=[0-9])"
)
_DIGIT = re.compile(r"[0-9]")
_RUN = re.compile(r"[0-9]{5,}")
# What a charge or another amount in a text comes to is nobody's number.
_AMOUNT = re.compile(r"[0-9]+\.[0-9]{2}")
# Short numbers of batches mean something beside their terminal only (engine/sql/batches.sql).
_BATCH = re.compile(r"\b(?:BATCH|BTCH|SEQ|SEQUENCE|LOT|BELEG)\W{0,3}(?:N[OR]\W{0,2})?([0-9]{1,6})\b", re.I)
# A number that stands alone in a text, of a batch's length; no part of a day, a time, or a longer reference.
_BARE = re.compile(r"(?<![\w.,/*-])(?<![0-9]:)([0-9]{1,6})(?![\w/*-]|[.,:][0-9])", re.ASCII)
_TERMINAL = re.compile(r"\b(?:TERMINAL|TERM|TID|T-ID)\W{0,3}([0-9A-Z]{3,12})\b", re.I)
# One number in groups, as people write them to be read.
_SPACED = re.compile(r"(?<![0-9])[0-9]{3,5}(?: [0-9]{1,5}){1,5}(?![0-9])")
SHORTEST = 4
MOST_WORDS = 20


def normalised(reference: str) -> str:
    """Upper case, without separators, leading zeros and known prefixes; "" when it proves nothing.

    What is shorter than four characters or has no digit could belong to anyone. A prefix, or zeros behind
    a letter, stay where too little would be left without them.
    """
    text = whole = _SEPARATORS.sub("", reference.upper())
    if not _DIGIT.search(text):
        return ""
    prefix = _PREFIX.match(text)
    bare = text[prefix.end() :] if prefix else text
    if "0" in text:
        bare, text = _ZEROS.sub("", bare), _ZEROS.sub("", text)
    if len(bare) >= SHORTEST:
        return bare
    if len(text) >= SHORTEST:
        return text
    return whole if len(whole) >= SHORTEST and not whole.isdigit() else ""


def keys_of(references: Iterable[str], text: str = "") -> list[str]:
    """The normalised keys of references, and of words in a free text that look like one; each once.

    A reference of several words is also looked at word by word, and a long run of digits inside a
    word counts by itself: banks glue labels to numbers. In a text a number may be parted by spaces.
    """
    keys: dict[str, None] = {}
    for reference in references:
        keys |= dict.fromkeys(_keys_of_one(reference))
    if text:
        words = [word for word in _TOKEN.findall(text) if _DIGIT.search(word)]
        words = [word for word in words if not _AMOUNT.fullmatch(word)]
        for word in words[:MOST_WORDS]:
            keys |= dict.fromkeys(_keys_of_one(word))
        keys |= dict.fromkeys(f"BATCH{number.lstrip('0')}" for number in _BATCH.findall(text))
        for spaced in _SPACED.findall(text)[:MOST_WORDS]:
            keys |= dict.fromkeys(_keys_of_one(spaced.replace(" ", "")))
    return list(keys)


def batch_keys(terminal: str, batch: str) -> list[str]:
    """The key of a terminal's batch: together they name it, though neither does alone; none without both."""
    number = batch.strip()
    named = normalised(terminal)
    is_number = number.isascii() and number.isdigit() and len(number) <= 6
    return [f"{named}#{number.lstrip('0')}"] if named and is_number else []


def terminal_in(text: str) -> str:
    """The terminal that a text names as one; "" when it names none."""
    found = _TERMINAL.search(text) if text else None
    return found[1] if found and _DIGIT.search(found[1]) else ""


def batch_keys_beside(terminals: Iterable[str], references: Iterable[str], text: str) -> list[str]:
    """The keys of the batches that a line of these terminals may mean: each short number beside them."""
    said = [number.strip() for number in references if number.strip().isdigit()] + _BARE.findall(text)
    numbers = dict.fromkeys(number.lstrip("0") for number in said if len(number) <= 6)
    return [
        f"{terminal}#{number}" for terminal in terminals for number in numbers if number not in ("", terminal)
    ]


@lru_cache(maxsize=65_536)
def _keys_of_one(reference: str) -> tuple[str, ...]:
    found = [normalised(reference)]
    words = _TOKEN.findall(reference)
    if len(words) > 1:
        found += [normalised(word) for word in words[:MOST_WORDS] if _DIGIT.search(word)]
    found += [run.lstrip("0") for run in _RUN.findall(reference)]
    return tuple(key[:140] for key in dict.fromkeys(found) if len(key) >= SHORTEST)
