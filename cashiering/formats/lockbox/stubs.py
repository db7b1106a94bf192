"""What the stubs of a cheque prove: only amounts that add up to it say for which invoices it is."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from cashiering.formats.lockbox.records import IS_LAST, SEQUENCE, STUBS
from cashiering.formats.lockbox.shape import LockboxCheque, LockboxStub

NO_INVOICE = "The file names no invoice."
INCOMPLETE = "Some of its stubs are missing in the file."
UNPROVEN = "What its stubs say does not add up to the cheque."
_NUMBERS = [f"{n:02}" for n in range(1, 100)]


@dataclass(slots=True)
class Stubs:
    """Proves stubs cheque by cheque.

    Banks give the invoice's number 15 or 16 characters. A file is written one way: the one by which stubs add
    up to their cheques, where it is the only one.

    records  the overflow records (4) of the cheque that is being read
    ways     by which stubs added up so far
    """

    records: list[str] = field(default_factory=list)
    ways: set[int] = field(default_factory=set)

    def prove(self, cheque: LockboxCheque) -> None:
        """Give the cheque its stubs, or the problem that they have."""
        for way, layout in enumerate(STUBS):
            found = _adding_up(cheque.amount_minor, self.records, layout)
            if found:
                cheque.stubs = found
                self.ways.add(way)
        if not _is_complete(self.records):
            cheque.stubs, cheque.problem = [], INCOMPLETE
        else:
            cheque.problem = "" if cheque.stubs else UNPROVEN
        self.records = []

    def doubt(self, cheques: Iterable[LockboxCheque]) -> None:
        """At the file's end: where stubs added up in both ways, none of them proves anything."""
        if len(self.ways) > 1:
            for cheque in cheques:
                if cheque.stubs:
                    cheque.stubs, cheque.problem = [], UNPROVEN


def _adding_up(minor: int, records: Sequence[str], layout: itemgetter) -> list[LockboxStub]:
    found, left = [], minor
    for record in records:
        invoice, amount = layout(record)
        # An amount fills its ten places: one that is read a place too late ends in a blank.
        if not (amount.isdigit() and len(amount) == 10 and amount.isascii()):
            return []
        invoice, part = invoice.strip(), int(amount)
        if not invoice:
            return []
        found.append(LockboxStub(invoice, part))
        left -= part
    return found if minor and not left else []


def _is_complete(records: Sequence[str]) -> bool:
    """Whether the numbers run from one on (one again after 99), and the last alone says that it is last."""
    last = len(records) - 1
    for n, record in enumerate(records):
        if record[SEQUENCE] != _NUMBERS[n % 99] or (record[IS_LAST] == "9") != (n == last):
            return False
    return True
