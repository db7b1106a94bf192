"""Periods, and the tie-outs of one, as rows for a file."""

from collections.abc import Sequence

from hms_ach.access.models import User
from hms_ach.money import Money
from hms_ach.sheets import Cell, Column, Kind, StatementTable
from ledger.models import TieOut
from ledger.queries import PeriodRow, Scope, role_name
from ledger.reports.statement import days_in_words, facts_of, file_name, moment_at
from ledger.rules.sub_ledger import REGISTERED


def periods_table(scope: Scope, periods: Sequence[PeriodRow], *, actor: User) -> StatementTable:
    """One row a period, the latest first, of all legal entities that are open to the person."""
    entities = ", ".join(sorted({row.entity_code for row in periods}))
    return StatementTable(
        title="Periods",
        name=file_name("periods", scope),
        facts=facts_of("periods", scope, actor=actor, book=[("Legal entities", entities)], days="all"),
        columns=(
            Column("Legal entity"),
            Column("Period"),
            Column("First day", Kind.DAY),
            Column("Last day", Kind.DAY),
            Column("State"),
            Column("Reopening asked for by"),
            Column("Why"),
        ),
        rows=[
            [
                row.entity_code,
                row.label,
                row.starts_on,
                row.ends_on,
                row.state_label,
                row.awaiting_by,
                row.awaiting_reason,
            ]
            for row in periods
        ],
    )


def tie_outs_table(
    scope: Scope, period: PeriodRow, tie_outs: Sequence[TieOut], moved: dict[int, str], *, actor: User
) -> StatementTable:
    """One row an account role and currency, as taken last, with who signed it and whether it still stands."""
    return StatementTable(
        title=f"Tie-outs of {period.label}",
        name=file_name("tie-outs", scope, period.code),
        facts=facts_of(
            "tie-outs",
            scope,
            actor=actor,
            book=[("Legal entity", f"{period.entity_code} {period.entity_name}")],
            days=days_in_words(period.starts_on, period.ends_on),
            more=[("Period", f"{period.label}, {period.state_label.lower()}")],
        ),
        columns=(
            Column("Sub-ledger"),
            Column("Account role"),
            Column("Currency"),
            Column("As of", Kind.DAY),
            Column("Documents", Kind.MONEY),
            Column("Book", Kind.MONEY),
            Column("Difference", Kind.MONEY),
            Column("Taken", Kind.MOMENT),
            Column("Taken by"),
            Column("Signed", Kind.MOMENT),
            Column("Signed by"),
            Column("Explanation"),
            Column("No longer stands"),
        ),
        rows=[_cells(row, moved.get(row.pk, ""), scope) for row in tie_outs],
    )


def _cells(row: TieOut, moved: str, scope: Scope) -> list[Cell]:
    signature, place = getattr(row, "signature", None), scope.facilities[0]
    return [
        REGISTERED[row.sub_ledger].name if row.sub_ledger in REGISTERED else row.sub_ledger,
        role_name(row.role),
        row.currency,
        row.as_of,
        *(Money(minor, row.currency) for minor in (row.sub_ledger_minor, row.ledger_minor)),
        Money(row.difference_minor, row.currency),
        moment_at(row.taken_at, place),
        row.taken_by.get_full_name(),
        moment_at(signature.signed_at, place) if signature else None,
        signature.signed_by.get_full_name() if signature else "",
        signature.explanation if signature else "",
        moved,
    ]
