"""What a bank's file says, without keeping anything: for whoever brings a bank on board."""

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import BinaryIO

from hms_ach.refusal import MAX_FINDINGS, FileRejected, Finding
from reconciliation.formats.file import Opened, read_file
from reconciliation.formats.reading import Reading
from reconciliation.formats.statement import Entry, Statement
from reconciliation.rules.allowance import allowed

MAX_STATEMENTS = 10_000


@dataclass(frozen=True, slots=True)
class InspectedStatement:
    """One statement with its first entries and the totals of all: credits and debits in minor units."""

    statement: Statement
    entries: list[Entry]
    entry_count: int
    credit_minor: int
    debit_minor: int


@dataclass(slots=True)
class Inspection:
    """format "" when it was not recognised; finding_count also counts those beyond the first 500."""

    format: str = ""
    guessed_profile: dict | None = None
    statements: list[InspectedStatement] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    finding_count: int = 0

    @property
    def is_accepted(self) -> bool:
        """Whether an import would read it; whether its accounts are ours is not asked."""
        return not any(finding.is_fatal for finding in self.findings)


def inspect(
    source: BinaryIO, opened: Opened, *, switches: Collection[str] = (), shown_entries: int = 20
) -> Inspection:
    """Read a file to its end. Raises nothing: what stops the reading is the last finding.

    switches       deviations to allow, as an account's profile would
    shown_entries  how many entries of each statement are kept; all are counted and summed
    """
    reading, found = Reading(), Inspection()
    entries: list[Entry] = []
    count = credit = debit = 0
    try:
        for each in read_file(source, reading, opened):
            if isinstance(each, Entry):
                count += 1
                if each.amount_minor > 0:
                    credit += each.amount_minor
                else:
                    debit -= each.amount_minor
                if len(entries) < shown_entries:
                    entries.append(each)
            else:
                if len(found.statements) < MAX_STATEMENTS:
                    found.statements.append(InspectedStatement(each, entries, count, credit, debit))
                entries, count, credit, debit = [], 0, 0, 0
    except FileRejected as stopped:
        rule, problem = reading.standard or "file", stopped.params["problem"]
        reading.finding_count += 1
        del reading.findings[MAX_FINDINGS:]
        reading.findings.append(Finding(stopped.params["line"], reading.part, "", rule, problem))
    found.format = str(opened.format or "")
    found.guessed_profile = opened.guessed.as_json() if opened.guessed else None
    found.findings = allowed(reading.findings, [(0, 0, switches)])
    found.finding_count = reading.finding_count
    return found
