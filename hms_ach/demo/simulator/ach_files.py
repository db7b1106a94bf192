"""The return files of the bank that sends the hospital's ACH (NACHA rules, appendices 3 and 4)."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from hms_ach.demo.simulator.records import Fact, Group, Item, Line

# The bank of everybody here: its routing number is 091000019, whose last digit is the check.
_ODFI, _CHECK = "09100001", "9"


class ReturnFiles:
    """A file for each account and day on which debits came back; a cheque that is not paid is in none."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self._returned: dict[tuple[str, date], list[tuple[Line, Item]]] = defaultdict(list)

    def take(self, group: Group) -> None:
        if group.planted == "returned" and group.has_answer:
            line = group.lines[0]
            self._returned[line.account, line.on].append((line, group.items[0]))

    def write(self, folder: Path) -> Iterator[Fact]:
        """All files. Each return is a group of its own, so that no fact is left to tell."""
        folder.mkdir(exist_ok=True)
        for (account, on), returned in sorted(self._returned.items(), key=lambda each: each[0]):
            (folder / f"returns-{account}-{on:%Y%m%d}.ach").write_text(self._file(on, returned))
        yield from ()

    def _file(self, on: date, returned: list[tuple[Line, Item]]) -> str:
        entries = [record for line, item in returned for record in self._entry(line, item)]
        debit = sum(-item.amount_minor for _line, item in returned)
        hashed = int(_ODFI) * len(returned) % 10**10
        sums = f"{hashed:010}{debit:012}{0:012}"
        records = [
            f"101 {_ODFI}{_CHECK}1210428820{on:%y%m%d}0600A094101{'HOSPITAL':23}{'FIRST MEADOW BANK':31}",
            f"5225{'HOSPITAL':<36}{'1210428820':<10}PPD{'RETURN':<16}{on:%y%m%d}   1{_ODFI}{1:07}",
            *entries,
            f"8225{len(entries):06}{sums}{'1210428820':<10}{'':25}{_ODFI}{1:07}",
        ]
        blocks = -(-(len(records) + 1) // 10)
        records.append(f"9{1:06}{blocks:06}{len(entries):08}{sums}{'':39}")
        records += ["9" * 94] * (blocks * 10 - len(records))
        return "".join(f"{record}\n" for record in records)

    def _entry(self, line: Line, item: Item) -> list[str]:
        """A returned debit, and its reason with both traces."""
        trace, original = item.references[0], f"{_ODFI}{self.rng.randrange(10**7):07}"
        reason = line.description.split()[2]
        amount = -item.amount_minor
        return [
            f"626{_ODFI}{_CHECK}{'123456789':<17}{amount:010}{item.id[:15]:<15}{'PATIENT':<22}  1{trace}",
            f"799{reason}{original}{'':6}{_ODFI}{'':44}{trace}",
        ]
