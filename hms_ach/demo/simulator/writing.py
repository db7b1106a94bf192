"""The simulator's files: what the bank sends, what the hospital expects, and the answer key."""

import csv
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from hms_ach.demo.simulator.ach_files import ReturnFiles
from hms_ach.demo.simulator.knobs import Knobs
from hms_ach.demo.simulator.network import Network, network_of
from hms_ach.demo.simulator.receipt_files import ReceiptFiles
from hms_ach.demo.simulator.records import Fact, Group, Item, Line
from hms_ach.demo.simulator.remittance_files import RemittanceFiles
from hms_ach.demo.simulator.statement_files import StatementFiles
from hms_ach.demo.simulator.terminal_files import TerminalFiles
from hms_ach.demo.simulator.truth import Truth

LINE_COLUMNS = (
    "line_id", "account", "kind", "booked_on", "amount_minor", "currency", "bank_reference",
    "counterparty", "references", "description",
)  # fmt: skip
ITEM_COLUMNS = (
    "item_id", "account", "kind", "expected_on", "amount_minor", "fee_minor", "currency", "payer",
    "terminal", "batch", "references", "description",
)  # fmt: skip


def write_files(knobs: Knobs, folder: Path, *, only_tables: bool = False) -> dict[str, int]:
    """All that is sent, and the answer key; how much of it.

    lines.csv, expectations.csv, accounts.csv, truth.jsonl; and unless only_tables: statements (camt.053,
    BAI2), remittances (835), payouts (CSV), ACH returns (NACHA) and receipts.csv
    """
    folder.mkdir(parents=True, exist_ok=True)
    network = network_of(knobs)
    rng = random.Random(f"{knobs.seed}:files")
    files: dict[str, _Files] = {
        "statements": StatementFiles(knobs, network.world, rng),
        "remittances": RemittanceFiles(knobs, network.world, rng),
        "payouts": TerminalFiles(),
        "returns": ReturnFiles(rng),
        ".": ReceiptFiles(knobs, rng),
    }
    lines, items, groups = [], [], 0
    with (folder / "truth.jsonl").open("w") as target:
        truth = Truth(target)
        for group in network.groups:
            groups += 1
            truth.group(group)
            lines += [(line.on, line.id, _line_row(line)) for line in group.lines]
            items += [(item.on, item.id, _item_row(item)) for item in group.items]
            for each in files.values() if not only_tables else ():
                each.take(group)
        for year in network.years:
            truth.facts(year.facts())
        for name, each in files.items() if not only_tables else ():
            truth.facts(each.write(folder / name))
    _table(folder / "lines.csv", LINE_COLUMNS, lines)
    _table(folder / "expectations.csv", ITEM_COLUMNS, items)
    _write_accounts(folder / "accounts.csv", network)
    return {"groups": groups, "lines": len(lines), "items": len(items), "facts": truth.count - groups}


class _Files(Protocol):
    """Files of one kind: told of each group, then written."""

    def take(self, group: Group) -> None: ...

    def write(self, folder: Path) -> Iterator[Fact]: ...


def _line_row(line: Line) -> tuple:
    return (
        line.id, line.account, line.kind, line.on, line.amount_minor, line.currency, line.bank_reference,
        line.counterparty, ";".join(line.references), line.description,
    )  # fmt: skip


def _item_row(item: Item) -> tuple:
    return (
        item.id, item.account, item.kind, item.on, item.amount_minor, item.fee_minor, item.currency,
        item.payer, item.terminal, item.batch, ";".join(item.references), item.description,
    )  # fmt: skip


def _table(path: Path, columns: tuple[str, ...], rows: list[tuple]) -> None:
    """By day, as the files would come; the ids say nothing about what belongs together."""
    with path.open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(columns)
        writer.writerows(row for _on, _id, row in sorted(rows, key=lambda each: each[:2]))


def _write_accounts(path: Path, network: Network) -> None:
    """Whose each account is, from when; an account that nobody mapped any more has a row without facility."""
    with path.open("w", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(("account", "from_on", "facility"))
        for hospital in network.world.hospitals:
            for account in (hospital.operating, hospital.deposits):
                writer.writerow((account, "", hospital.code))
        for year in network.years:
            writer.writerow((year.unmapped.deposits, year.unmapped_on, ""))
