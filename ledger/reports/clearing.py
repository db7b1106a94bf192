"""The clearing accounts by item: aged, each with its owner and what people found out."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from hms_ach.access.models import User
from hms_ach.access.roles import Role
from hms_ach.money import Money, total
from hms_ach.sheets import Cell, Column, Kind, StatementTable
from ledger.models import ClearingNote
from ledger.queries import (
    OpenItem,
    Scope,
    alarmed_items,
    clearing_items,
    clearing_limits,
    key_of,
    latest_notes,
)
from ledger.reports.named import named
from ledger.reports.statement import facts_of, file_name
from ledger.rules.clearing import BUCKETS, Limit, passed
from ledger.rules.roles import CLEARING_ROLES, role_name


@dataclass(frozen=True, slots=True)
class Aged:
    """What is open in one bucket of an account and currency; nothing is None, not zero."""

    bucket: str
    count: int
    amount: Money | None


@dataclass(frozen=True, slots=True)
class AgedRow:
    """One clearing account in one currency by age."""

    role: str
    currency: str
    cells: list[Aged]
    count: int
    amount: Money

    @property
    def name(self) -> str:
        return role_name(self.role)


@dataclass(frozen=True, slots=True)
class WatchedItem:
    """An open item with the highest limit it is past, and the latest note on it."""

    item: OpenItem
    limit: Limit | None
    note: ClearingNote | None

    @property
    def owner(self) -> str:
        """Who looks at it, in words; empty while it is young."""
        return str(Role(self.limit.owner_role).label) if self.limit else ""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """Which items are listed; what is empty does not narrow.

    owners  only items that had an alarm for one of these roles
    """

    role: str = ""
    bucket: str = ""
    is_late: bool = False
    owners: Collection[str] | None = None


@dataclass(frozen=True, slots=True)
class ClearingStatement:
    """by_age is of all items, items of those asked for."""

    by_age: list[AgedRow]
    items: list[WatchedItem]
    n_open: int
    n_late: int

    @property
    def totals(self) -> list[Money]:
        """What the items asked for come to, in each currency."""
        left = [each.item.balance for each in self.items]
        currencies = sorted({amount.currency for amount in left})
        return [total([each for each in left if each.currency == one], one) for one in currencies]


def clearing_statement(scope: Scope, narrowing: Narrowing) -> ClearingStatement:
    """All open items of the clearing accounts by age, and those asked for one by one. Four SQL queries."""
    found = clearing_items(
        legal_entity=scope.legal_entity,
        as_of=scope.until,
        known_at=scope.known_at,
        facility_ids=scope.facility_ids,
    )
    limits = clearing_limits(scope.legal_entity)
    notes = latest_notes(found)
    watched = []
    for item in found:
        over = passed(limits, role=item.role, age_days=item.age_days)
        watched.append(WatchedItem(item, over[-1] if over else None, notes.get(key_of(item))))
    return ClearingStatement(
        by_age=_by_age(found),
        items=_narrowed(watched, narrowing, scope),
        n_open=len(found),
        n_late=sum(1 for each in watched if each.limit),
    )


def clearing_table(
    scope: Scope, narrowing: Narrowing, *, actor: User, more: Sequence[tuple[str, str]]
) -> StatementTable:
    """The items asked for as rows for a file."""
    statement = clearing_statement(scope, narrowing)
    items, totals = statement.items, statement.totals
    left = [("Left to clear", ", ".join(f"{each} {each.currency}" for each in totals) or "nothing")]
    names = named(each.item.reference for each in items)
    columns = (
        Column("Account"),
        Column("Item"),
        Column("Reference"),
        Column("Facility"),
        Column("Open since", Kind.DAY),
        Column("Last moved", Kind.DAY),
        Column("Age in days", Kind.NUMBER),
        Column("Opened with", Kind.MONEY),
        Column("Settled", Kind.MONEY),
        Column("Balance", Kind.MONEY),
        Column("Currency"),
        Column("Past limit of days", Kind.NUMBER),
        Column("Owner"),
        Column("Note"),
    )
    return StatementTable(
        title="Clearing accounts by item",
        name=file_name("clearing", scope),
        facts=facts_of("clearing", scope, actor=actor, more=[*more, *left]),
        columns=columns,
        rows=[_cells(each, names(each.item.reference)) for each in items],
        totals=_total_row(totals[0]) if len(totals) == 1 else (),
    )


def _total_row(left: Money) -> list[Cell]:
    blank: list[Cell] = [""] * 5
    return ["Total", *blank, None, None, None, left, left.currency, None, "", ""]


def _cells(each: WatchedItem, name: str) -> list[Cell]:
    item = each.item
    return [
        item.account,
        name or "without a reference",
        item.reference,
        item.facility_code,
        item.since,
        item.last_moved_on,
        item.age_days,
        item.came,
        item.settled,
        item.balance,
        item.balance.currency,
        each.limit.age_days if each.limit else None,
        each.owner,
        each.note.text if each.note else "",
    ]


def _by_age(items: Sequence[OpenItem]) -> list[AgedRow]:
    grouped: dict[tuple[str, str], list[OpenItem]] = defaultdict(list)
    for item in items:
        grouped[item.role, item.balance.currency].append(item)
    order = sorted(grouped, key=lambda key: (CLEARING_ROLES.index(key[0]), key[1]))
    return [_row(role, currency, grouped[role, currency]) for role, currency in order]


def _row(role: str, currency: str, items: list[OpenItem]) -> AgedRow:
    cells = []
    for bucket in BUCKETS:
        inside = [item.balance for item in items if item.bucket == bucket.code]
        cells.append(Aged(bucket.code, len(inside), total(inside, currency) if inside else None))
    return AgedRow(role, currency, cells, len(items), total([item.balance for item in items], currency))


def _narrowed(watched: list[WatchedItem], narrowing: Narrowing, scope: Scope) -> list[WatchedItem]:
    if narrowing.role:
        watched = [each for each in watched if each.item.role == narrowing.role]
    if narrowing.bucket:
        watched = [each for each in watched if each.item.bucket == narrowing.bucket]
    if narrowing.is_late:
        watched = [each for each in watched if each.limit]
    if narrowing.owners is not None:
        alarmed = alarmed_items(owners=narrowing.owners, facility_ids=scope.facility_ids)
        watched = [each for each in watched if key_of(each.item) in alarmed]
    return watched
