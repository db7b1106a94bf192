"""Reads camt.053 as a stream."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from hms_ach.refusal import Finding
from reconciliation.formats.camt053.statement import Entry, Statement


@dataclass(slots=True)
class Reading:
    """What was found while reading: the findings of all statements so far."""

    findings: list[Finding] = field(default_factory=list)


def read(chunks: Iterable[bytes], reading: Reading) -> Iterator[Entry | Statement]:
    """The entries of each statement in file order, then the statement itself."""
    raise NotImplementedError


def read_all(content: bytes) -> tuple[list[Statement], list[Finding]]:
    """Every statement of a small file with its entries, and all findings."""
    raise NotImplementedError
