"""What is found while a file of money coming in is read."""

from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import chain

from hms_ach.refusal import FileRejected, Finding, keep_finding


@dataclass(slots=True)
class Findings:
    """Findings in file order, at most 500; one that is fatal refuses the whole file.

    standard  what `rule` is a section of
    """

    standard: str
    rows: list[Finding] = field(default_factory=list)

    def bad(self, line: int, name: str, value: str, problem: str, rule: str) -> None:
        keep_finding(
            self.rows, Finding(line, name, value.strip()[:60], f"{self.standard} {rule}".strip(), problem)
        )

    def warn(self, line: int, name: str, value: str, problem: str, rule: str) -> None:
        rule = f"{self.standard} {rule}".strip()
        keep_finding(self.rows, Finding(line, name, value.strip()[:60], rule, problem, is_fatal=False))

    def refuse(self) -> None:
        """Raises FileRejected with all findings where one of them is fatal."""
        first = next((row for row in self.rows if row.is_fatal), None)
        if first is not None:
            said = " ".join(part for part in (first.field, repr(first.value) if first.value else "") if part)
            raise FileRejected(first.line, f"{said} {first.problem}", self.rows)


def text_of(chunks: Iterable[bytes]) -> Iterator[str]:
    """The file piece by piece, byte by byte a letter: these standards know no letters beyond ASCII.

    A UTF-8 mark is dropped; a NUL character refuses the file. No piece ends between CR and LF: as two ends of
    lines they would count a line that is none.
    """
    source, head, held = iter(chunks), b"", b""
    while len(head) < len(BOM_UTF8) and (chunk := next(source, None)) is not None:
        head += chunk
    for chunk in chain([head.removeprefix(BOM_UTF8)], source):
        if b"\x00" in chunk:
            raise FileRejected(1, "the file holds NUL characters: it is not text")
        piece = held + chunk
        held = b"\r" if piece.endswith(b"\r") else b""
        yield piece.removesuffix(held).decode("latin-1")
    yield held.decode("latin-1")
