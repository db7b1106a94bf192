"""The segments of an X12 interchange, with its envelope proved (X12.5, X12.6)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from cashiering.formats.findings import Findings, text_of
from hms_ach.refusal import FileRejected

ISA_LENGTH = 106
MAX_SEGMENT = 20_000


# Not frozen: a file has a million of these, and freezing takes as long as the rest of reading one.
@dataclass(slots=True)
class Segment:
    """One segment. line: its number in the file, from 1; elements: from its name on."""

    line: int
    name: str
    elements: list[str]

    def __getitem__(self, position: int) -> str:
        """The element at the standard's position, "" where it is left out."""
        return self.elements[position].strip() if position < len(self.elements) else ""


def segments(chunks: Iterable[bytes], findings: Findings) -> Iterator[Segment]:
    """All segments between ISA and IEA, envelopes checked: control numbers and counts of ISA, GS and ST.

    Raises FileRejected for what is no X12 file, and for one that was cut off.
    """
    envelope = _Envelope(findings)
    line = 0
    for line, text, separator in _texts(chunks):
        elements = text.split(separator)
        segment = Segment(line, elements[0], elements)
        if envelope.is_transaction and segment.name not in _ENVELOPES:
            envelope.count += 1
        else:
            envelope.see(segment)
        yield segment
    if envelope.open:
        raise FileRejected(line, f"the file ends inside {envelope.open[-1][0]}: it was cut off")
    if not line:
        raise FileRejected(1, "the file is empty")


def _texts(chunks: Iterable[bytes]) -> Iterator[tuple[int, str, str]]:
    """(number, segment, element separator); several interchanges may follow each other."""
    left, line, separator, end = "", 0, "", ""
    for piece in text_of(chunks):
        left += piece
        while left := left.lstrip():
            if not end or left.startswith("ISA"):
                if len(left) < ISA_LENGTH:
                    break
                separator, end = _delimiters(left)
            *whole, left = left.split(end)
            for position, text in enumerate(whole):
                text = text.strip("\r\n") if position == 0 else text.lstrip().rstrip("\r\n")
                if position and text.startswith("ISA"):
                    left = end.join([text, *whole[position + 1 :], left])
                    break
                if text or not end.isspace():
                    line += 1
                    yield line, text, separator
            else:
                if not whole or not left.lstrip().startswith("ISA"):
                    break
        if len(left) > MAX_SEGMENT:
            raise FileRejected(line + 1, f"a segment has more than {MAX_SEGMENT:,} characters")
    if left.strip():
        raise FileRejected(
            line + 1, "the file ends inside a segment" if line else "it does not begin with ISA"
        )


def _delimiters(text: str) -> tuple[str, str]:
    if not text.startswith("ISA"):
        raise FileRejected(1, "it does not begin with ISA: this is no X12 file")
    separator, end = text[3], text[ISA_LENGTH - 1]
    if separator.isalnum() or end.isalnum() or end == separator or text[:ISA_LENGTH].count(separator) != 16:
        raise FileRejected(1, "ISA is not 106 characters with sixteen elements")
    return separator, end


_PAIRS = {"ISA": ("IEA", 13, 2), "GS": ("GE", 6, 2), "ST": ("SE", 2, 2)}
_ENDS = {end: name for name, (end, _, _) in _PAIRS.items()}
_INSIDE = {"ISA": "", "GS": "ISA", "ST": "GS"}
_ENVELOPES = frozenset({*_PAIRS, *_ENDS})


class _Envelope:
    """Which envelopes are open, and how much each one holds so far.

    count           of the innermost: segments of a transaction, or envelopes within
    is_transaction  the innermost is ST
    """

    def __init__(self, findings: Findings) -> None:
        self.findings = findings
        self.open: list[tuple[str, str, int]] = []  # name, control number, count of the one around it
        self.count, self.is_transaction = 0, False

    def see(self, segment: Segment) -> None:
        """What is no segment of a transaction."""
        name = segment.name
        if name in _PAIRS:
            outer = self.open[-1][0] if self.open else ""
            if outer != _INSIDE[name]:
                raise FileRejected(segment.line, f"{name} stands inside {outer or 'nothing'}")
            self.open.append((name, segment[_PAIRS[name][1]], self.count + 1))
            self.is_transaction = name == "ST"
            self.count = int(self.is_transaction)
        elif name in _ENDS:
            self._close(segment)
        elif name != "TA1":
            raise FileRejected(segment.line, f"{name} stands outside of a transaction (ST to SE)")

    def _close(self, segment: Segment) -> None:
        if not self.open or self.open[-1][0] != _ENDS[segment.name]:
            raise FileRejected(segment.line, f"{segment.name} closes nothing that is open")
        count = self.count + int(self.is_transaction)
        name, control, self.count = self.open.pop()
        self.is_transaction = False
        if segment[2] != control:
            self.findings.bad(
                segment.line, f"{segment.name}02", segment[2], f"is not {name}'s {control}", "envelope"
            )
        if (segment[1].lstrip("0") or segment[1][:1]) != str(count):
            self.findings.bad(
                segment.line, f"{segment.name}01", segment[1], f"but {count} were read", "envelope"
            )
