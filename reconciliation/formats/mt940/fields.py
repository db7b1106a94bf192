"""The fields of MT940 and MT942 (SWIFT Standards, category 9), tag by tag."""

import re
from collections.abc import Iterable, Iterator

from hms_ach.refusal import FileRejected

# Only these begin a field: texts of banks hold other words between colons.
_TAG = re.compile(
    r":(NS|13D?|20|21|25P?|28[CD]?|34F|60[FM]|61|62[FM]|6[45]F?|86|90[CD]):(.*)", re.ASCII | re.DOTALL
)
_ENVELOPE = re.compile(r"\{2:[IO](94[02])")
_COMMON = frozenset({":61:", ":86:"})
MAX_LINES = 1_000
MAX_FIELD = 64 * 1024


# (tag, lines, line of the file it starts at); the tag "-" ends a message. A plain tuple: there are many.
Field = tuple[str, list[str], int]


def fields(lines: Iterable[str]) -> Iterator[Field]:
    """The fields in file order; what stands before the first one is the bank's envelope.

    A message of its own kind is told by the tag "{" with "940" or "942". Raises FileRejected for a
    field of more than a thousand lines or 64 kB.
    """
    held: list[str] = []
    tag, began, length = "", 0, 0
    for number, line in enumerate(lines, start=1):
        if line[:1] == ":":
            if line[:4] in _COMMON:
                if tag:
                    yield tag, held, began
                tag, held, began, length = line[1:3], [line[4:]], number, len(line)
                continue
            found = _TAG.match(line)
            if found:
                if tag:
                    yield tag, held, began
                tag, first = found.groups()
                held, began, length = [first], number, len(first)
                continue
        elif line[:2] in ("-", "-}") or line[:1] == "{":
            if tag:
                yield tag, held, began
            tag = ""
            yield "-", [], number
            if envelope := _ENVELOPE.search(line):
                yield "{", [envelope.group(1)], number
            continue
        if tag:
            held.append(line)
            length += len(line)
            if len(held) > MAX_LINES or length > MAX_FIELD:
                raise FileRejected(began, f"the field :{tag}: is longer than {MAX_LINES} lines or 64 kB")
    if tag:
        yield tag, held, began
