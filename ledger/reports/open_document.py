"""The documents behind a sub-ledger's figure as rows for a file."""

from collections.abc import Iterator, Sequence

from hms_ach.access.models import User
from hms_ach.sheets import Cell, Column, Kind, StatementTable
from ledger.queries import DocumentsBehind, Scope
from ledger.reports.named import in_pieces, named
from ledger.reports.statement import facts_of, file_name
from ledger.rules.sub_ledger import OpenDocument


def open_documents_table(
    scope: Scope, behind: DocumentsBehind, *, more: Sequence[tuple[str, str]], actor: User
) -> StatementTable:
    """One row a document of the facilities chosen; what others add is said in the facts."""
    currency = behind.figure.currency
    codes = {facility.pk: facility.code for facility in scope.facilities}
    facts = [*more, ("Figure", f"{behind.figure} {currency}")]
    if behind.n_others:
        facts.append(("At other facilities", f"{behind.others} {currency} of {behind.n_others} documents"))
    return StatementTable(
        title="Documents behind a figure",
        name=file_name("documents", scope),
        facts=facts_of("documents", scope, actor=actor, more=facts),
        columns=(
            Column("Document"),
            Column("Id"),
            Column("Facility"),
            Column(f"Open ({currency})", Kind.MONEY),
        ),
        rows=_cells(behind.documents, codes),
        totals=["Total", "", "", behind.shown],
    )


def _cells(documents: Sequence[OpenDocument], codes: dict[int, str]) -> Iterator[list[Cell]]:
    for piece in in_pieces(documents):
        names = named(each.reference for each in piece)
        for each in piece:
            yield [names(each.reference), each.reference, codes[each.facility_id], each.amount]
