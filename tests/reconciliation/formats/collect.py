"""Reading a whole small file in a test."""

from dataclasses import replace

from hms_ach.refusal import Finding
from reconciliation.formats.file import Opened, read_bytes
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Entry, Statement


def read_whole(content: bytes, opened: Opened | None = None) -> tuple[list[Statement], list[Finding]]:
    """Every statement with its entries, and all findings. Raises FileRejected."""
    reading, statements, entries = Reading(), [], []
    for found in read_bytes(content, reading, opened or Opened(may_guess=True)):
        if isinstance(found, Entry):
            entries.append(found)
        else:
            statements.append(replace(found, entries=tuple(entries)))
            entries = []
    assert not entries, "entries without their statement"
    return statements, reading.findings


def fatal(findings: list[Finding]) -> list[tuple[str, str]]:
    """(field, switch) of each finding that refuses the file."""
    return [(finding.field, finding.switch) for finding in findings if finding.is_fatal]
