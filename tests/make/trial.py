"""Small tables for trying a bank, of March 2026, and what the engine makes of them."""

import csv
import io

from reconciliation.commands import trial_match

LINE = (
    "line_id", "account", "booked_on", "bank_reference", "amount_minor", "kind", "counterparty", "references",
    "description",
)  # fmt: skip
ITEM = (
    "item_id", "account", "expected_on", "amount_minor", "fee_minor", "kind", "payer", "counterparty",
    "terminal", "batch", "references", "description",
)  # fmt: skip


def table(columns: tuple[str, ...], rows: list[dict]) -> list[str]:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns)
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().splitlines(keepends=True)


def a_line(number: str, amount: int, text: str = "", *, day: int, **said) -> dict:
    row = {"line_id": number, "booked_on": f"2026-03-{day:02d}", "amount_minor": amount, "description": text}
    return row | said


def an_item(number: str, amount: int, *, day: int, **said) -> dict:
    return {"item_id": number, "expected_on": f"2026-03-{day:02d}", "amount_minor": amount, **said}


def match(lines: list[dict], items: list[dict], *, by_night: bool = False) -> dict[str, str]:
    """The items of each line."""
    return results(lines, items, by_night=by_night)[0]


def results(
    lines: list[dict], items: list[dict], *, by_night: bool = False
) -> tuple[dict[str, str], dict[str, str]]:
    """The items of each line; and the verdict on each that is left."""
    out, left = io.StringIO(), io.StringIO()
    trial_match(
        lines=table(LINE, lines), expectations=table(ITEM, items), out=out, left=left, by_night=by_night
    )
    rows, rest = (csv.DictReader(io.StringIO(each.getvalue())) for each in (out, left))
    return (
        {row["line_ids"]: row["item_ids"] for row in rows},
        {row["line_id"]: row["verdict"] for row in rest},
    )
