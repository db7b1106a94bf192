"""What is found while a file of money coming in is read."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hms_ach.refusal import FileRejected, Finding

MAX_FINDINGS = 500


@dataclass(slots=True)
class Findings:
    """Findings in file order, at most 500; one that is fatal refuses the whole file.

    standard  what `rule` is a section of
    """

    standard: str
    rows: list[Finding] = field(default_factory=list)

    def bad(self, line: int, name: str, value: str, problem: str, rule: str) -> None:
        self._add(Finding(line, name, value.strip()[:60], f"{self.standard} {rule}".strip(), problem))

    def warn(self, line: int, name: str, value: str, problem: str, rule: str) -> None:
        rule = f"{self.standard} {rule}".strip()
        self._add(Finding(line, name, value.strip()[:60], rule, problem, is_fatal=False))

    def _add(self, finding: Finding) -> None:
        if len(self.rows) < MAX_FINDINGS or (finding.is_fatal and not any(row.is_fatal for row in self.rows)):
            self.rows.append(finding)

    def refuse(self) -> None:
        """Raises FileRejected with all findings where one of them is fatal."""
        first = next((row for row in self.rows if row.is_fatal), None)
        if first is not None:
            said = " ".join(part for part in (first.field, repr(first.value) if first.value else "") if part)
            raise FileRejected(first.line, f"{said} {first.problem}", self.rows)


def text_of(chunks: Iterable[bytes]) -> Iterator[str]:
    """The file piece by piece, byte by byte a letter: these standards know no letters beyond ASCII.

    A UTF-8 mark is dropped; a NUL character refuses the file.
    """
    is_first = True
    for chunk in chunks:
        if b"\x00" in chunk:
            raise FileRejected(1, "the file holds NUL characters: it is not text")
        piece = chunk.decode("latin-1")
        yield piece.removeprefix("\u00ef\u00bb\u00bf") if is_first else piece
        is_first = False
