"""What the stubs of a cheque prove: only amounts that add up to it say for which invoices it is."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from cashiering.formats.lockbox.records import STUBS, cut
from cashiering.formats.lockbox.shape import LockboxCheque, LockboxStub

# An amount fills its ten places: one that is read a place too late ends in a blank.
_AMOUNT = re.compile(r"[0-9]{10}", re.ASCII)
NO_INVOICE = "The file names no invoice."
INCOMPLETE = "Some of its stubs are missing in the file."
UNPROVEN = "What its stubs say does not add up to the cheque."


@dataclass(frozen=True, slots=True)
class StubRecord:
    """An overflow record (4) as it stands in the file."""

    line: int
    sequence: str
    is_last: bool
    record: str


def prove_stubs(cheques: Sequence[LockboxCheque], stubs: Mapping[int, Sequence[StubRecord]]) -> None:
    """Give each cheque its stubs, or the problem that they have. stubs: by the line of their cheque.

    Banks give the invoice's number 15 or 16 characters. A file is written one way: the one by which stubs add
    up to their cheques, where it is the only one.
    """
    ways: list[dict[int, list[LockboxStub]]] = [
        {each.line: parts for each in cheques if (parts := _adding_up(each, stubs.get(each.line, ()), way))}
        for way in range(len(STUBS))
    ]
    proven = [way for way in ways if way]
    found = proven[0] if len(proven) == 1 else {}
    for cheque in cheques:
        rows = stubs.get(cheque.line, ())
        if not rows:
            cheque.problem = NO_INVOICE
        elif not _is_complete(rows):
            cheque.problem = INCOMPLETE
        elif cheque.line not in found:
            cheque.problem = UNPROVEN
        else:
            cheque.stubs = found[cheque.line]


def _adding_up(cheque: LockboxCheque, rows: Sequence[StubRecord], way: int) -> list[LockboxStub]:
    said = [cut(row.record, STUBS[way]) for row in rows]
    if not all(_AMOUNT.fullmatch(each["amount"]) and each["invoice"] for each in said):
        return []
    found = [LockboxStub(each["invoice"], int(each["amount"])) for each in said]
    adds_up = sum(each.amount_minor for each in found) == cheque.amount_minor
    return found if adds_up and cheque.amount_minor else []


def _is_complete(rows: Sequence[StubRecord]) -> bool:
    """Whether the numbers run from one on (one again after 99), and the last alone says that it is last."""
    numbers = [f"{n % 99 + 1:02}" for n in range(len(rows))]
    is_last = [False] * (len(rows) - 1) + [True]
    return [(row.sequence, row.is_last) for row in rows] == list(zip(numbers, is_last, strict=True))
