"""An account's statement as rows for a file."""

from collections.abc import Iterator

from hms_ach.access.models import User
from hms_ach.sheets import Cell, Column, Kind, StatementTable
from ledger.models import Account
from ledger.queries import AccountStatement, Scope, StatementRow, account_statement, statement_rows
from ledger.reports.named import in_pieces, named
from ledger.reports.statement import facts_of, file_name
from ledger.rules.calendar import BEGINNING


def account_statement_of(
    scope: Scope, account: Account, *, page: int | str = 1, page_size: int = 50
) -> AccountStatement:
    """A page of the account's statement within a scope. Four SQL queries."""
    return account_statement(
        account=account,
        since=scope.since or BEGINNING,
        until=scope.until,
        facility_ids=scope.facility_ids,
        known_at=scope.known_at,
        page=page,
        page_size=page_size,
    )


def account_table(scope: Scope, account: Account, *, actor: User) -> StatementTable:
    """All of it, from the opening balance to the closing one; rows are read as they are written."""
    summed = account_statement_of(scope, account, page_size=1)
    currency = account.legal_entity.functional_currency
    columns = (
        Column("Day", Kind.DAY),
        Column("Entry"),
        Column("Memo"),
        Column("Document"),
        Column("Reference"),
        Column("Facility"),
        Column("Amount", Kind.MONEY),
        Column("Currency"),
        Column(f"Functional amount ({currency})", Kind.MONEY),
        Column(f"Balance ({currency})", Kind.MONEY),
    )
    rows = statement_rows(
        account=account,
        since=scope.since or BEGINNING,
        until=scope.until,
        facility_ids=scope.facility_ids,
        known_at=scope.known_at,
    )
    blank: list[Cell] = [""] * 7
    opening = [scope.since, "Opening balance", *blank, summed.opening]
    closing = [scope.until, "Closing balance", *blank, summed.closing]
    return StatementTable(
        title=f"Account {account.number} {account.name}",
        name=file_name("account", scope, account.number),
        facts=facts_of("account", scope, actor=actor),
        columns=columns,
        rows=_cells(opening, rows),
        totals=closing,
    )


def _cells(opening: list[Cell], rows: Iterator[StatementRow]) -> Iterator[list[Cell]]:
    yield opening
    for piece in in_pieces(rows):
        names = named(id for row in piece for id in (row.source_id, row.reference))
        for row in piece:
            yield [
                row.effective_on,
                row.entry_public_id,
                row.memo,
                names(row.source_id, row.source_label),
                names(row.reference) if row.reference != row.source_id else "",
                row.facility_code,
                row.amount,
                row.amount.currency,
                row.functional,
                row.balance,
            ]
