"""Making references comparable: what a bank pads, spaces or prefixes is the same reference."""

import re
from collections.abc import Iterable

_SEPARATORS = re.compile(r"[^0-9A-Z]+")
_ZEROS = re.compile(r"(?<![0-9])0+(?=[0-9])")
_TOKEN = re.compile(r"[0-9A-Za-z][0-9A-Za-z./_-]{4,34}")
_PREFIX = re.compile(r"(?:EREF|KREF|REF|BAG|SLIP|BATCH|DEP|NO)(?=[0-9])")
_DIGIT = re.compile(r"[0-9]")
SHORTEST = 4


def normalised(reference: str) -> str:
    """Upper case, without separators, leading zeros and known prefixes; "" when it proves nothing.

    What is shorter than four characters or has no digit could belong to anyone.
    """
    text = _SEPARATORS.sub("", reference.upper())
    if not _DIGIT.search(text):
        return ""
    prefix = _PREFIX.match(text)
    if prefix:
        text = text[prefix.end() :]
    if "0" in text:
        text = _ZEROS.sub("", text)
    return text if len(text) >= SHORTEST else ""


def keys_of(references: Iterable[str], text: str = "") -> list[str]:
    """The normalised keys of references, and of words in a free text that look like one; each once."""
    words = [word for word in _TOKEN.findall(text) if _DIGIT.search(word)]
    keys = {normalised(reference): None for reference in [*references, *words[:20]]}
    keys.pop("", None)
    return [key[:140] for key in keys]
