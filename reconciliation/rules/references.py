"""Making references comparable: what a bank pads, spaces or prefixes is the same reference."""

import re
from collections.abc import Iterable

_SEPARATORS = re.compile(r"[^0-9A-Z]+")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]{4,34}")
_PREFIXES = ("EREF", "KREF", "REF", "BAG", "SLIP", "BATCH", "DEP", "NO")
SHORTEST = 4


def normalised(reference: str) -> str:
    """Upper case, without separators, leading zeros and known prefixes; "" when it proves nothing.

    What is shorter than four characters or has no digit could belong to anyone.
    """
    text = _SEPARATORS.sub("", reference.upper())
    for prefix in _PREFIXES:
        rest = text.removeprefix(prefix)
        if rest != text and rest[:1].isdigit():
            text = rest
            break
    text = _ZEROS.sub("", text)
    return text if len(text) >= SHORTEST and any(letter.isdigit() for letter in text) else ""


def keys_of(references: Iterable[str], text: str = "") -> list[str]:
    """The normalised keys of references, and of words in a free text that look like one; each once."""
    words = [word for word in _TOKEN.findall(text) if any(letter.isdigit() for letter in word)]
    keys = {normalised(reference): None for reference in [*references, *words[:20]]}
    keys.pop("", None)
    return [key[:140] for key in keys]
