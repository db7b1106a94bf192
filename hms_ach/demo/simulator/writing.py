"""The simulator's files: what the bank sends, what the hospital expects, and the answer key."""

import csv
import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from hms_ach.demo.simulator.records import Group, Item, Line
from reconciliation.formats.camt import write
from reconciliation.formats.statement import Entry, Statement

LINE_COLUMNS = (
    "line_id", "account", "kind", "booked_on", "amount_minor", "currency", "bank_reference",
    "counterparty", "references", "description",
)  # fmt: skip
ITEM_COLUMNS = (
    "item_id", "account", "kind", "expected_on", "amount_minor", "fee_minor", "currency", "payer",
    "terminal", "batch", "references", "description",
)  # fmt: skip


def write_files(groups: Iterable[Group], folder: Path, *, with_statements: bool = True) -> dict[str, int]:
    """lines.csv, expectations.csv, truth.jsonl, and a camt.053 file for each account and day; the counts."""
    folder.mkdir(parents=True, exist_ok=True)
    booked: dict[tuple[str, date], list[Line]] = defaultdict(list)
    lines, items = [], []
    counts = {"groups": 0, "lines": 0, "items": 0}
    with (folder / "truth.jsonl").open("w") as truth:
        for group in groups:
            counts["groups"] += 1
            truth.write(json.dumps(_fact(group)) + "\n")
            for line in group.lines:
                lines.append((line.on, line.id, _line_row(line)))
                booked[line.account, line.on].append(line)
            items += [(item.on, item.id, _item_row(item)) for item in group.items]
    counts |= {"lines": len(lines), "items": len(items)}
    _table(folder / "lines.csv", LINE_COLUMNS, lines)
    _table(folder / "expectations.csv", ITEM_COLUMNS, items)
    if with_statements:
        _write_statements(booked, folder / "statements")
    return counts


def _fact(group: Group) -> dict:
    return {
        "kind": group.kind,
        "planted": group.planted,
        "lines": [line.id for line in group.lines],
        "items": [item.id for item in group.items],
        "amount_minor": sum(line.amount_minor for line in group.lines),
    }


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


def _write_statements(booked: dict[tuple[str, date], list[Line]], folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    balances: dict[str, int] = defaultdict(int)
    for (account, on), lines in sorted(booked.items(), key=lambda each: each[0]):
        opening = balances[account]
        balances[account] += sum(line.amount_minor for line in lines)
        statement = Statement(
            account_number=account,
            statement_id=f"{account}-{on:%Y%m%d}",
            currency="USD",
            opening_minor=opening,
            closing_minor=balances[account],
            from_on=on,
            to_on=on,
            entries=tuple(_entry(line) for line in lines),
        )
        (folder / f"{account}-{on:%Y%m%d}.xml").write_bytes(write(statement))


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
