"""Which format a file is, by its first bytes."""

import re
from enum import StrEnum

from reconciliation.formats.text import encoding_of

HEAD = 4_096
_SWIFT = re.compile(r"^(?:\{1:|:(?:20|25|28C?|60[FM]|61|62[FM]|64|86|NS):)", re.MULTILINE)
_BAI2 = re.compile(r"\s*01,")
_OFX = re.compile(r"OFXHEADER|<OFX>|<\?OFX", re.IGNORECASE)


class Format(StrEnum):
    """A format that is read. The value names its reader."""

    CAMT = "camt"
    BAI2 = "bai2"
    MT940 = "mt940"
    OFX = "ofx"
    CSV = "csv"
    XLSX = "xlsx"


MEDIA_TYPES = {
    Format.CAMT: "application/xml",
    Format.BAI2: "text/plain",
    Format.MT940: "text/plain",
    Format.OFX: "application/x-ofx",
    Format.CSV: "text/csv",
    Format.XLSX: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def detect(head: bytes) -> Format | None:
    """The format of a file that begins like this (4 kB are enough); None when it is none of ours."""
    encoding, mark = encoding_of(head)
    text = head[mark:HEAD].decode(encoding or "utf-8", errors="replace")
    start = text.lstrip()
    if _OFX.search(text):
        return Format.OFX
    if start.startswith("<"):
        return Format.CAMT
    if _BAI2.match(text):
        return Format.BAI2
    if _SWIFT.search(text.replace("\r", "\n")):
        return Format.MT940
    is_text = text and "\x00" not in text and sum(map(str.isprintable, text)) > len(text) * 0.7
    return Format.CSV if is_text and re.search(r"[;,\t|]", text) else None
