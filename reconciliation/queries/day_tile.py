"""The day's board as tiles, and the rows behind each."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Exists, OuterRef

from cashiering.queries import day_state
from hms_ach.access.models import Facility
from hms_ach.money import Money
from reconciliation.models import (
    Discrepancy,
    Expectation,
    Match,
    MatchItem,
    MatchLine,
    StatementLine,
)
from reconciliation.queries.day import Board, Check, accounts_of_day, without_statement

# The tiles in the order of the day, with the checks that each gathers.
TILES: dict[str, tuple[str, tuple[str, ...]]] = {
    "sessions": ("Sessions", ("session",)),
    "deposits": ("Deposits", ("deposit",)),
    "terminals": ("Terminals", ("card_batch",)),
    "remittances": ("Remittances", ("remittance",)),
    "bank": ("Bank", ("statements", "lines", "items", "matches")),
    "approvals": ("Approvals", ("discrepancies",)),
}
MAX_ROWS = 100


@dataclass(frozen=True, slots=True)
class Tile:
    """How far one part of the day is. Without any check it is not known, and says so."""

    key: str
    label: str
    checks: list[Check]

    @property
    def is_known(self) -> bool:
        return bool(self.checks)

    @property
    def is_done(self) -> bool:
        return self.is_known and all(each.is_done for each in self.checks)

    @property
    def done(self) -> int:
        return sum(each.done for each in self.checks)

    @property
    def total(self) -> int:
        return sum(each.total for each in self.checks)


@dataclass(frozen=True, slots=True)
class TileRow:
    """One thing behind a tile. subject: the public id of its page, or empty."""

    name: str
    subject: str
    amount: Money | None
    on: date | None
    state: str
    is_done: bool


def tiles_of(board: Board) -> list[Tile]:
    return [
        Tile(key, label, [each for each in board.checks if each.where in places])
        for key, (label, places) in TILES.items()
    ]


def rows_of_tile(key: str, *, facility: Facility, business_on: date) -> list[TileRow]:
    """What stands behind a tile, the open things first; a hundred of each kind at most. Eight queries."""
    if key in ("sessions", "deposits", "terminals"):
        rows = _till_rows(TILES[key][1][0], facility, business_on)
    elif key == "bank":
        rows = [
            *_missing_statements(facility, business_on),
            *_open_lines(facility, business_on),
            *_open_items(facility, business_on),
            *_unposted(facility, business_on),
        ]
    elif key == "approvals":
        rows = _discrepancies(facility, business_on)
    else:
        rows = []
    return sorted(rows, key=lambda row: row.is_done)


def _till_rows(kind: str, facility: Facility, business_on: date) -> list[TileRow]:
    items = day_state(facility, business_on).items
    return [
        TileRow(item.name, item.public_id, None, business_on, item.state, item.is_done)
        for item in items
        if item.kind == kind
    ]


def _missing_statements(facility: Facility, day: date) -> list[TileRow]:
    """The accounts of which no statement covers the day, though their bank works on it."""
    accounts = accounts_of_day(facility, day)
    missing = without_statement(accounts, day)
    about = Discrepancy.objects.filter(account__in=missing, kind="STATEMENT_MISSING", due_on=day)
    subjects = dict(about.order_by("id").values_list("account_id", "public_id"))
    return [
        TileRow(f"Statement of {each.code}", subjects.get(each.pk, ""), None, day, "Did not come", False)
        for each in accounts
        if each.pk in missing
    ][:MAX_ROWS]


def _open_lines(facility: Facility, day: date) -> list[TileRow]:
    is_matched = Exists(MatchLine.objects.filter(line=OuterRef("pk"), undo__isnull=True))
    rows = StatementLine.objects.filter(account__facility=facility, booked_on__lte=day).exclude(is_matched)
    found = list(rows.select_related("statement").order_by("booked_on", "id")[:MAX_ROWS])
    open_rows = Discrepancy.objects.filter(line__in=found).exclude(state="APPROVED").order_by("id")
    subjects = dict(open_rows.values_list("line_id", "public_id"))
    return [
        TileRow(
            f"Bank line, {', '.join(line.references[:2]) or line.counterparty or 'no reference'}",
            subjects.get(line.pk, line.statement.public_id),
            Money(line.amount_minor, line.currency),
            line.booked_on,
            "Unmatched",
            False,
        )
        for line in found
    ]


def _open_items(facility: Facility, day: date) -> list[TileRow]:
    is_matched = Exists(MatchItem.objects.filter(expectation=OuterRef("pk"), undo__isnull=True))
    due = Expectation.objects.filter(facility=facility, withdrawn_at=None, latest_on__lte=day)
    return [
        TileRow(
            "Expected item",
            item.source_id,
            Money(item.amount_minor, item.currency),
            item.latest_on,
            "Not at the bank",
            False,
        )
        for item in due.exclude(is_matched).order_by("latest_on", "id")[:MAX_ROWS]
    ]


def _unposted(facility: Facility, day: date) -> list[TileRow]:
    rows = Match.objects.filter(
        account__facility=facility, undo__isnull=True, posting__isnull=True, effective_on__lte=day
    ).order_by("effective_on", "id")[:MAX_ROWS]
    return [
        TileRow("Match", match.public_id, None, match.effective_on, "Not posted", False) for match in rows
    ]


def _discrepancies(facility: Facility, day: date) -> list[TileRow]:
    rows = Discrepancy.objects.filter(facility=facility, due_on__lte=day)
    rows = rows.exclude(state="APPROVED", due_on__lt=day)
    return [
        TileRow(
            row.get_kind_display(),
            row.public_id,
            None if row.amount_minor is None else Money(row.amount_minor, row.currency),
            row.due_on,
            row.get_state_display(),
            row.state == "APPROVED",
        )
        for row in rows.order_by("due_on", "id")[:MAX_ROWS]
    ]
