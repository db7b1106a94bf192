"""From bytes to elements: one way for SGML, whose values need no end tag, and XML, whose values have one."""

import html
import re
from collections.abc import Iterable, Iterator

from hms_ach.refusal import FileRejected
from reconciliation.formats import text
from reconciliation.formats.reading import Reading

_ELEMENT = re.compile(r"<(/?[A-Za-z0-9._]{1,40})\s*>([^<]*)")
_FIELD = re.compile(r"<([A-Za-z0-9._]{1,40})\s*>([^<]*)")
_TRANSACTION = re.compile(r"<STMTTRN\s*>", re.IGNORECASE)
_END = re.compile(r"</STMTTRN\s*>|</BANKTRANLIST\s*>|</INVBANKTRAN\s*>", re.IGNORECASE)
_CDATA = re.compile(r"<!\[CDATA\[(.*?)\]\]>", re.DOTALL)
MAX_LENGTH = 64 * 1024


def elements(chunks: Iterable[bytes], reading: Reading) -> Iterator[tuple[str, str, int]]:
    """(name, value, line), the value stripped; "/NAME" for an end tag.

    A transaction is one element, "STMTTRN", whose value is all that is inside it: see `fields_of`.
    Raises FileRejected for a document type or entity, and for an element over 64 kB.
    """
    rest, line, is_inside = "", 1, False
    for block in text.blocks(chunks, reading, record_end=b">"):
        rest = f"{rest}\n{block}" if rest else block
        if not is_inside:
            start = rest.upper().find("<OFX>")
            if start < 0:
                line += rest.count("\n") + 1
                rest = ""
                continue
            line += rest.count("\n", 0, start)
            rest, is_inside = rest[start:], True
        cut = _cut(rest)
        yield from _whole(rest[:cut], line)
        line += rest.count("\n", 0, cut)
        rest = rest[cut:]
        if len(rest) > MAX_LENGTH:
            raise FileRejected(line, "an element of the file is longer than 64 kB")
    if not is_inside:
        raise FileRejected(line, "the file has no <OFX>")
    yield from _whole(rest, line)


def fields_of(transaction: str) -> dict[str, str]:
    """The values inside a transaction by name; of equal names the first that is not empty."""
    fields: dict[str, str] = {}
    for name, value in _FIELD.findall(transaction):
        value = value.strip()
        if value and name not in fields:
            fields[name] = html.unescape(value) if "&" in value else value
    if not all(map(str.isupper, fields)):
        fields = {name.upper(): value for name, value in fields.items()}
    return fields


def _cut(rest: str) -> int:
    """Where what is certainly whole ends: before a transaction that goes on, and before the last element."""
    last = 0
    for found in _TRANSACTION.finditer(rest, max(len(rest) - 2 * MAX_LENGTH, 0)):
        last = found.start()
    if last and not _END.search(rest, last):
        return last
    if "<!" in rest and "]]>" not in rest[rest.rfind("<!") :]:
        return max(rest.rfind("<", 0, rest.rfind("<!")), 0)
    return max(rest.rfind("<"), 0)


def _whole(content: str, line: int) -> Iterator[tuple[str, str, int]]:
    if "<!" in content:
        content = _CDATA.sub(lambda found: html.escape(found.group(1)), content)
        if "<!" in content:
            raise FileRejected(line, "a document type, entity or comment is not allowed in a bank file")
    outside, *transactions = _TRANSACTION.split(content)
    yield from _others(outside, line)
    line += outside.count("\n")
    for piece in transactions:
        found = _END.search(piece)
        end = found.start() if found else len(piece)
        yield "STMTTRN", piece[:end], line
        more = piece[end:]
        if more.strip() != "</STMTTRN>":
            yield from _others(more, line + piece.count("\n", 0, end))
        line += piece.count("\n")


def _others(content: str, line: int) -> Iterator[tuple[str, str, int]]:
    for found in _ELEMENT.finditer(content):
        name, value = found.groups()
        shown = value.strip()
        yield name.upper(), html.unescape(shown) if "&" in shown else shown, line
        line += value.count("\n")
