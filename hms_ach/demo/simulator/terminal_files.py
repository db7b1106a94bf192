"""What card processors report to merchants: a payout a file, batch by batch (docs/formats/payout.md)."""

import csv
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from hms_ach.demo.simulator.records import Fact, Group, Item
from hms_ach.money import Money

COLUMNS = (
    "payout", "paid_on", "merchant", "type", "terminal", "batch", "case", "sales", "gross", "fee",
    "chargebacks", "net",
)  # fmt: skip


class TerminalFiles:
    """A report for each sum that a processor paid."""

    def __init__(self) -> None:
        self._groups: list[Group] = []

    def take(self, group: Group) -> None:
        if group.kind == "card" and group.has_answer:
            self._groups.append(group)

    def write(self, folder: Path) -> Iterator[Fact]:
        """All files. Their mistakes are the groups' own, so that no fact is left to tell."""
        folder.mkdir(exist_ok=True)
        for group in self._groups:
            line = group.lines[0]
            payout = f"PO-{line.id}"
            with (folder / f"{payout}.csv").open("w", newline="") as target:
                writer = csv.writer(target)
                writer.writerow(COLUMNS)
                writer.writerows(_rows(group, payout))
        yield from ()


def _rows(group: Group, payout: str) -> Iterator[tuple]:
    line = group.lines[0]
    head = (payout, line.on, group.items[0].payer)
    gross = sum(item.amount_minor for item in group.items)
    fees = sum(item.fee_minor for item in group.items)
    # A processor that pays gross bills its fees by the month.
    is_net = line.amount_minor <= gross - fees
    paid = 0
    for (terminal, batch), items in _batches(group.items).items():
        amount = sum(item.amount_minor for item in items)
        fee = sum(item.fee_minor for item in items) if is_net else 0
        paid += amount - fee
        yield (*head, "batch", terminal, batch, "", len(items), *_said(amount, fee, 0))
    rest = paid - line.amount_minor
    if rest and group.planted == "chargeback":
        yield (*head, "chargeback", "", "", f"CB-{line.id}", "", *_said(0, 0, rest))
    elif rest:
        yield (*head, "fee", "", "", "", "", *_said(0, rest, 0))
    yield (*head, "total", "", "", "", "", "", "", "", _text(line.amount_minor))


def _batches(items: list[Item]) -> dict[tuple[str, str], list[Item]]:
    found: dict[tuple[str, str], list[Item]] = defaultdict(list)
    for item in items:
        found[f"{item.terminal}", f"{item.on:%m%d}-{item.batch}"].append(item)
    return found


def _said(gross: int, fee: int, chargebacks: int) -> tuple[str, ...]:
    return (_text(gross), _text(fee), _text(chargebacks), _text(gross - fee - chargebacks))


def _text(minor: int) -> str:
    return str(Money(minor, "USD"))
