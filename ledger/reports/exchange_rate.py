"""Exchange rates as rows for a file."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.sheets import Cell, Column, Kind, StatementTable
from ledger.models import ExchangeRate
from ledger.queries import Scope
from ledger.reports.statement import facts_of, file_name, moment_at

if TYPE_CHECKING:
    from django.db.models import QuerySet


def exchange_rates_table(
    scope: Scope, rates: "QuerySet[ExchangeRate]", *, more: Sequence[tuple[str, str]], actor: User
) -> StatementTable:
    """One row a recorded rate, the latest day first; rates are of no legal entity."""
    return StatementTable(
        title="Exchange rates",
        name=file_name("exchange-rates", scope),
        facts=facts_of(
            "rates",
            scope,
            actor=actor,
            more=more,
            book=[("Legal entity", "all: rates are shared")],
            days=f"up to and with {clock.in_words(scope.until)}" if scope.is_narrowed else "all",
        ),
        columns=(
            Column("Day", Kind.DAY),
            Column("One"),
            Column("buys"),
            Column("Rate", Kind.NUMBER),
            Column("Source"),
            Column("Crossed over"),
            Column("Recorded", Kind.MOMENT),
        ),
        rows=_cells(rates, scope),
    )


def _cells(rates: "QuerySet[ExchangeRate]", scope: Scope) -> Iterator[list[Cell]]:
    for rate in rates.iterator(chunk_size=2_000):
        recorded = moment_at(rate.recorded_at, scope.facilities[0])
        yield [rate.on, rate.base, rate.quote, rate.rate.normalize(), rate.source, rate.via, recorded]
