"""What banks write into :86:, the information to the account owner, in their three styles."""

import re
from typing import NamedTuple

from reconciliation.formats.labelled import labelled
from reconciliation.formats.values import NO_REFERENCE

# German banks: a business code, then ?00 to ?63. Others: /EREF/…/REMI/…, or plain text.
_PART = re.compile(r"\?(\d\d)", re.ASCII)
_FOLDED = re.compile(r"\?(?:00|20)[^?]*\?\d\d", re.ASCII)
_GOES_ON = re.compile(r"\?(?:2[1-9]|6[0-3])", re.ASCII)
_NAME = re.compile(r"\?3[23]([^?]*)", re.ASCII)
_TAG = re.compile(
    r"/(EREF|PREF|KREF|MREF|MARF|CREF|ROC|RFB|INV|CRED|CSID|TRTP|IBAN|BIC|NAME|CNTP|REMI|BENM|ORDP|ULTD|ULTC|ISDT"
    r"|ID|ADDR|CDTR|DBTR|RTRN|SWOD|TRCD|PURP|OCMT|CHGS|EXCH|NRTX)/"
)
# A colon behind the others is a word of the text.
_PURPOSE = re.compile(
    r"((?:EREF|KREF|MREF|PREF|SVWZ|MTLG)(?=[+:])|(?:CRED|DEBT|IBAN|BIC|ABWA|ABWE|OAMT|COAM|PURP|MDAT)(?=\+))[+:]\s?"
)
_REFERENCES = ("EREF", "KREF", "MREF", "PREF", "MARF", "CREF", "ROC", "RFB", "INV")
# Business codes of transactions that come back: only beside them ?34 says why.
_RETURNS = {"108", "109", "159", "160", "181", "184"}
# What has no field of its own is told in words.
_NOTES = {
    "ULTD": "Ultimate debtor {}.", "ULTC": "Ultimate creditor {}.",
    "ABWA": "Ultimate debtor {}.", "ABWE": "Ultimate creditor {}.",
    "RTRN": "Return reason {}.",
    "OCMT": "Instructed {}.", "OAMT": "Instructed {}.", "CHGS": "Charges {}.", "COAM": "Charges {}.",
}  # fmt: skip
_LONGEST = 2_000


class Details(NamedTuple):
    code: str = ""
    references: tuple[str, ...] = ()
    counterparty: str = ""
    description: str = ""


def details_of(lines: list[str], *, is_debit: bool) -> Details:
    """The parts of an information field, whichever style the bank writes."""
    first = lines[0]
    if first[3:4] == "?" and first[:3].isdigit():
        return _subfields("".join(lines))
    if first[:1] == "/" and _TAG.match(first):
        return _tagged("".join(lines))
    text = first if len(lines) == 1 else " ".join(lines)
    said = labelled(text, is_debit=is_debit)
    return Details("", said.references, said.counterparty, " ".join(text.split())[:_LONGEST])


def unfolded(text: str) -> tuple[str, str]:
    """A text with its subfields still in it (?20, ?21, ...), as words, and the name in ?32 and ?33.

    A bank cuts every 27 characters or between two words: the text is given joined, and again parted.
    Any other text comes back as it is.
    """
    if not _FOLDED.search(text):
        return text, ""
    joined = _PART.sub(" ", _GOES_ON.sub("", text))
    name = "".join(_NAME.findall(text))
    return f"{joined} {_PART.sub(' ', text)}", " ".join(name.split())[:140]


def _subfields(text: str) -> Details:
    parts = _PART.split(text)
    code = parts[0].strip()
    purpose, name, head, reason = [], [], "", ""
    for key, value in zip(parts[1::2], parts[2::2], strict=False):
        if "20" <= key <= "29" or "60" <= key <= "63":
            purpose.append(value)
        elif key in ("32", "33"):
            name.append(value)
        elif key == "00":
            head = value
        elif key == "34" and code in _RETURNS:
            reason = value.strip()
    said = "".join(purpose)
    words = _PURPOSE.split(said)
    tags = _first_of_each(words)
    shown = " ".join([words[0], tags.get("SVWZ", ""), tags.get("MTLG", "")]).strip() or said
    notes = [*_notes(tags), *([f"Return reason {reason}."] if reason else [])]
    return Details(code, _references(tags), _plain(name)[:140], _plain([head, " ", shown, " ", *notes]))


def _tagged(text: str) -> Details:
    words = _TAG.split(text)
    tags = {tag: value.strip("/ ") for tag, value in _first_of_each(words).items()}
    # ING: the account, the bank, the name, the place.
    named = tags.get("CNTP", "").split("/")
    counterparty = tags.get("NAME", "") or (named[2] if len(named) > 2 else "")
    remittance = tags.get("REMI", "")
    kind, _, content = remittance.partition("/")
    structured = content.rpartition("/")[2] if kind == "STRD" else ""
    shown = content.strip("/ ") if kind in ("USTD", "STRD") else remittance
    tags["RTRN"] = tags.get("RTRN", "").split("/")[0]
    references = _references({**tags, "REMI": structured}, (*_REFERENCES, "REMI"))
    return Details("", references, counterparty[:140], _plain([shown or text, " ", *_notes(tags)]))


def _first_of_each(words: list[str]) -> dict[str, str]:
    """Tags and their values from a text split by them."""
    tags: dict[str, str] = {}
    for tag, value in zip(words[1::2], words[2::2], strict=False):
        tags.setdefault(tag, value)
    return tags


def _notes(tags: dict[str, str]) -> list[str]:
    return [f"{note.format(tags[tag].strip())} " for tag, note in _NOTES.items() if tags.get(tag, "").strip()]


def _plain(parts: list[str]) -> str:
    return " ".join("".join(parts).split())[:_LONGEST]


def _references(tags: dict[str, str], names: tuple[str, ...] = _REFERENCES) -> tuple[str, ...]:
    found = (tags.get(name, "").strip()[:140] for name in names)
    return tuple(dict.fromkeys(text for text in found if text.upper() not in NO_REFERENCE))
