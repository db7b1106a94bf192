"""What banks write into :86:, the information to the account owner, in their three styles."""

import re
from typing import NamedTuple

from reconciliation.formats.values import NO_REFERENCE

# German banks: a business code, then ?00 to ?63. Others: /EREF/…/REMI/…, or plain text.
_PART = re.compile(r"\?(\d\d)", re.ASCII)
_TAG = re.compile(
    r"/(EREF|PREF|KREF|MREF|MARF|CRED|CSID|TRTP|IBAN|BIC|NAME|REMI|BENM|ORDP|ISDT|ID|ADDR|CDTR|DBTR|RTRN|SWOD|TRCD)/"
)
_PURPOSE = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|PREF)[+:]\s?")
_REFERENCES = ("EREF", "KREF", "MREF", "PREF", "MARF")
_LONGEST = 2_000


class Details(NamedTuple):
    code: str = ""
    references: tuple[str, ...] = ()
    counterparty: str = ""
    description: str = ""


def details_of(lines: list[str]) -> Details:
    """The parts of an information field, whichever style the bank writes."""
    first = lines[0]
    if first[3:4] == "?" and first[:3].isdigit():
        return _subfields("".join(lines))
    if first[:1] == "/" and _TAG.match(first):
        return _tagged("".join(lines))
    text = first if len(lines) == 1 else " ".join(lines)
    return Details("", (), "", " ".join(text.split())[:_LONGEST])


def _subfields(text: str) -> Details:
    parts = _PART.split(text)
    purpose, name, head = [], [], ""
    for key, value in zip(parts[1::2], parts[2::2], strict=False):
        if "20" <= key <= "29" or "60" <= key <= "63":
            purpose.append(value)
        elif key in ("32", "33"):
            name.append(value)
        elif key == "00":
            head = value
    said = "".join(purpose)
    words = _PURPOSE.split(said)
    tags = dict(zip(words[1::2], words[2::2], strict=False))
    shown = tags.get("SVWZ") or words[0] or said
    description = " ".join(f"{head} {shown}".split())
    return Details(
        parts[0].strip(), _references(tags), " ".join("".join(name).split())[:140], description[:_LONGEST]
    )


def _tagged(text: str) -> Details:
    words = _TAG.split(text)
    tags: dict[str, str] = {}
    for tag, value in zip(words[1::2], words[2::2], strict=False):
        tags.setdefault(tag, value.strip("/ "))
    description = " ".join((tags.get("REMI") or text).split())
    return Details("", _references(tags), tags.get("NAME", "")[:140], description[:_LONGEST])


def _references(tags: dict[str, str]) -> tuple[str, ...]:
    found = (tags.get(name, "").strip()[:140] for name in _REFERENCES)
    return tuple(dict.fromkeys(text for text in found if text.upper() not in NO_REFERENCE))
