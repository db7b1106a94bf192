"""The list of GL batches as rows for a file."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from hms_ach.access.models import User
from hms_ach.money import Money, total
from hms_ach.sheets import Cell, Column, Kind, StatementTable
from ledger.models import GlBatchStep
from ledger.queries import Scope
from ledger.reports.statement import facts_of, file_name, moment_at


def gl_batches_table(
    scope: Scope, batches: Iterable[Any], *, more: Sequence[tuple[str, str]], actor: User
) -> StatementTable:
    """One row a batch, the latest first; their totals in the functional currency."""
    currency = scope.legal_entity.functional_currency
    columns = (
        Column("Number"),
        Column("Business day", Kind.DAY),
        Column("Run", Kind.NUMBER),
        Column("State"),
        Column("Journal"),
        Column("Facility"),
        Column("Built", Kind.MOMENT),
        Column("Entries", Kind.NUMBER),
        Column(f"Debits ({currency})", Kind.MONEY),
        Column(f"Credits ({currency})", Kind.MONEY),
    )
    found = list(batches)
    sums = [total([Money(getattr(b, side), currency) for b in found], currency) for side in _SIDES]
    return StatementTable(
        title="GL batches",
        name=file_name("gl-batches", scope),
        facts=facts_of("gl-batches", scope, actor=actor, more=more),
        columns=columns,
        rows=_cells(found, currency),
        totals=["Total", None, None, "", "", "", None, sum(b.n_entries for b in found), *sums],
    )


_SIDES = ("debit_minor", "credit_minor")


def _cells(batches: Sequence[Any], currency: str) -> Iterator[list[Cell]]:
    states = dict(GlBatchStep.State.choices)
    for batch in batches:
        yield [
            batch.number,
            batch.business_on,
            batch.run,
            str(states[batch.state]),
            batch.journal or "",
            batch.facility.code,
            moment_at(batch.built_at, batch.facility),
            batch.n_entries,
            *(Money(getattr(batch, side), currency) for side in _SIDES),
        ]
