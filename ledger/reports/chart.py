"""The chart of accounts as rows for a file."""

from collections.abc import Sequence

from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.sheets import Column, Kind, StatementTable
from ledger.queries import ChartLine, Scope
from ledger.reports.statement import facts_of, file_name


def chart_table(scope: Scope, lines: Sequence[ChartLine], *, actor: User) -> StatementTable:
    """One row an account, below its parent."""
    entity = scope.legal_entity
    return StatementTable(
        title="Chart of accounts",
        name=file_name("chart", scope),
        facts=facts_of(
            "chart",
            scope,
            actor=actor,
            book=[("Legal entity", f"{entity.code} {entity.name}")],
            days=f"as of {clock.in_words(scope.until)}",
        ),
        columns=(
            Column("Account"),
            Column("Name"),
            Column("Level", Kind.NUMBER),
            Column("Class"),
            Column("Normal side"),
            Column("Currency"),
            Column("Used from", Kind.DAY),
            Column("Used until", Kind.DAY),
            Column("In use"),
            Column("Control account"),
            Column("Roles"),
        ),
        rows=[
            [
                line.number,
                line.name,
                line.depth + 1,
                line.natural_class_label,
                line.normal_side_label,
                line.currency,
                line.active_from,
                line.active_until,
                "yes" if line.is_active else "no",
                "yes" if line.is_control else "no",
                ", ".join(line.roles),
            ]
            for line in lines
        ],
    )
