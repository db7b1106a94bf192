"""The statements that banks send, day by day, with what goes wrong with whole statements."""

import random
from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from hms_ach.demo.simulator.bai2 import as_bai2
from hms_ach.demo.simulator.knobs import Knobs
from hms_ach.demo.simulator.records import Fact, Group, Line
from hms_ach.demo.simulator.world import World
from reconciliation.formats.camt import write as as_camt
from reconciliation.formats.statement import Entry, Statement

_FAULTS = ("statement_duplicate", "statement_gap", "statement_reordered", "statement_wrong_opening")


class StatementFiles:
    """A file for each account and banking day with entries, as camt.053 or BAI2."""

    def __init__(self, knobs: Knobs, world: World, rng: random.Random) -> None:
        self.knobs, self.rng = knobs, rng
        self._booked: dict[tuple[str, date], list[Line]] = defaultdict(list)
        self._of_till = {hospital.deposits for hospital in world.hospitals}

    def take(self, group: Group) -> None:
        for line in group.lines:
            self._booked[line.account, line.on].append(line)

    def write(self, folder: Path) -> Iterator[Fact]:
        """All files; a fact for each statement with which something is wrong."""
        folder.mkdir(exist_ok=True)
        balances: dict[str, int] = defaultdict(int)
        for (account, on), lines in sorted(self._booked.items(), key=lambda each: each[0]):
            before = balances[account]
            balances[account] += sum(line.amount_minor for line in lines)
            fault = next((name for name in _FAULTS if self.knobs.happens(name, self.rng)), "")
            name = self._write(folder, account, on, lines, before, fault)
            if fault:
                yield Fact("statement", fault, [name], {"account": account, "on": str(on)})

    def _write(
        self, folder: Path, account: str, on: date, lines: list[Line], opening: int, fault: str
    ) -> str:
        if fault == "statement_reordered":
            lines = self.rng.sample(lines, len(lines))
        if fault == "statement_wrong_opening":
            opening += self.rng.randint(1, 10_000)
        statement = Statement(
            account_number=account,
            statement_id=f"{account}-{on:%Y%m%d}",
            currency=lines[0].currency,
            opening_minor=opening,
            closing_minor=opening + sum(line.amount_minor for line in lines),
            from_on=on,
            to_on=on,
            entries=tuple(_entry(line) for line in lines),
        )
        is_bai2 = self.knobs.statements == "bai2" or (
            self.knobs.statements == "mixed" and account in self._of_till
        )
        content = as_bai2(statement) if is_bai2 else as_camt(statement)
        name = f"{statement.statement_id}.{'bai' if is_bai2 else 'xml'}"
        if fault != "statement_gap":
            (folder / name).write_bytes(content)
        if fault == "statement_duplicate":
            (folder / f"again-{name}").write_bytes(content)
        return name


def _entry(line: Line) -> Entry:
    return Entry(
        amount_minor=line.amount_minor,
        currency=line.currency,
        booked_on=line.on,
        value_on=line.on,
        bank_reference=line.bank_reference,
        references=tuple(line.references),
        counterparty=line.counterparty,
        description=line.description,
        code=line.kind,
    )
