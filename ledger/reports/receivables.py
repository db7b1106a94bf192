"""The roll-forward of receivables as rows for a file."""

from dataclasses import replace

from hms_ach.access.models import User
from hms_ach.sheets import Cell, Column, Kind, StatementTable
from ledger.queries import RollForwardRow, Scope, receivables_roll_forward
from ledger.reports.statement import facts_of, file_name
from ledger.rules.movements import MOVEMENTS


def month_of(scope: Scope) -> Scope:
    """The scope from the first day chosen, else from the first of the month of the last."""
    return replace(scope, since=scope.since or scope.until.replace(day=1))


def receivables_table(scope: Scope, *, actor: User) -> StatementTable:
    """Each payer from opening to closing balance, and how the total ties to the book."""
    scope = month_of(scope)
    rolled = receivables_roll_forward(scope)
    currency = scope.legal_entity.functional_currency
    named = [Column("Receivable"), Column("Payer class"), Column("Payer")]
    figures = ["Opening", *(label for label, _ in MOVEMENTS.values()), "Closing"]
    more = [
        ("Balance of the receivable accounts", f"{rolled.booked} {currency}"),
        ("Difference to the book", f"{rolled.difference} {currency}"),
    ]
    return StatementTable(
        title="Receivables by payer",
        name=file_name("receivables", scope),
        facts=facts_of("receivables", scope, actor=actor, more=more),
        columns=(*named, *(Column(f"{label} ({currency})", Kind.MONEY) for label in figures)),
        rows=[
            [row.account, row.payer_class.replace("_", " ").capitalize(), row.payer, *_figures(row)]
            for row in rolled.rows
        ],
        totals=["Total", "", "", *_figures(rolled.totals)],
    )


def _figures(row: RollForwardRow) -> list[Cell]:
    return [row.opening, *(row.moved[code] for code in MOVEMENTS), row.closing]
