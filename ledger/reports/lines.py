"""Postings as rows for a file: the day book, and the postings behind a figure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.sheets import Cell, Column, Kind, StatementTable
from ledger.queries import LineFilter, Scope, lines_total, posting_lines
from ledger.reports.named import in_pieces, named
from ledger.reports.statement import facts_of, file_name, moment_at
from ledger.rules.calendar import LAST_DAYS

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from ledger.models import Posting


def journal_table(scope: Scope, wanted: LineFilter, *, actor: User) -> StatementTable:
    """The day book: every entry with its lines, in the order of posting; the last days unless chosen."""
    scope = replace(scope, since=scope.since or scope.until - LAST_DAYS)
    rows = posting_lines(scope, wanted)
    more = [("Document", wanted.kind.replace("_", " "))] if wanted.kind else []
    more += [("Only", "in no GL batch yet")] if wanted.is_unbatched else []
    return _table(
        "journal",
        "Day book",
        scope,
        rows.order_by("entry_id", "line"),
        actor=actor,
        more=more,
        totals=_totals(scope, wanted),
    )


def postings_table(
    scope: Scope, wanted: LineFilter, *, actor: User, more: Sequence[tuple[str, str]]
) -> StatementTable:
    """The postings behind a figure, with their total at the end."""
    rows = posting_lines(scope, wanted)
    return _table("postings", "Postings", scope, rows, actor=actor, more=more, totals=_totals(scope, wanted))


def _totals(scope: Scope, wanted: LineFilter) -> list[Cell]:
    """The last row: both sides in the functional currency; the amount where one currency was asked for."""
    total = lines_total(scope, wanted)
    blank: list[Cell] = [""] * 9
    return ["Total", *blank, total.debit, total.credit, total.amount, wanted.currency, ""]


def _table(
    statement: str,
    title: str,
    scope: Scope,
    rows: "QuerySet[Posting]",
    *,
    actor: User,
    more: Sequence[tuple[str, str]],
    totals: Sequence[Cell] = (),
) -> StatementTable:
    currency = scope.legal_entity.functional_currency
    columns = (
        Column("Day", Kind.DAY),
        Column("Entry"),
        Column("Line", Kind.NUMBER),
        Column("Posted", Kind.MOMENT),
        Column("Facility"),
        Column("Document"),
        Column("Memo"),
        Column("Account"),
        Column("Name"),
        Column("Payer"),
        Column(f"Debit ({currency})", Kind.MONEY),
        Column(f"Credit ({currency})", Kind.MONEY),
        Column("Amount", Kind.MONEY),
        Column("Currency"),
        Column("Reference"),
    )
    return StatementTable(
        title=title,
        name=file_name(statement, scope),
        facts=facts_of(statement, scope, actor=actor, more=more),
        columns=columns,
        rows=_cells(rows, currency),
        totals=totals,
    )


def _cells(rows: "QuerySet[Posting]", currency: str) -> Iterator[list[Cell]]:
    for piece in in_pieces(rows.iterator(chunk_size=2_000)):
        names = named(id for row in piece for id in (row.entry.source_id, row.reference))
        for row in piece:
            yield _line(row, names, currency)


def _line(row: "Posting", names: Any, currency: str) -> list[Cell]:
    entry = row.entry
    value = Money(row.functional_minor, currency)
    kind = entry.source_kind.replace("_", " ").capitalize()
    return [
        row.effective_on,
        entry.public_id,
        row.line,
        moment_at(entry.posted_at, row.facility),
        row.facility.code,
        names(entry.source_id, kind),
        entry.memo,
        row.account.number,
        row.account.name,
        row.payer,
        value if value.minor > 0 else None,
        -value if value.minor < 0 else None,
        Money(row.amount_minor, row.currency),
        row.currency,
        names(row.reference) if row.reference != entry.source_id else "",
    ]
