"""What was counted, entry by entry, as rows for a file."""

from hms_ach.access.models import User
from hms_ach.sheets import Column, Kind, StatementTable
from ledger.queries import Scope, statistic_entries, statistics
from ledger.reports.statement import facts_of, file_name, moment_at


def statistics_table(scope: Scope, *, code: str, actor: User) -> StatementTable:
    """Every quantity of the days chosen, of one account when asked; rows are read as they are written.

    What was counted in all stands above the rows by account, since different units have no common total.
    """
    rows = statistic_entries(scope, code=code)
    columns = (
        Column("Account"),
        Column("Name"),
        Column("Facility"),
        Column("Day", Kind.DAY),
        Column("Quantity", Kind.NUMBER),
        Column("Unit"),
        Column("Counted by"),
        Column("Memo"),
        Column("Recorded", Kind.MOMENT),
    )
    return StatementTable(
        title="Statistical accounts",
        name=file_name("statistics", scope),
        facts=facts_of("statistics", scope, actor=actor, more=_counted(scope, code)),
        columns=columns,
        rows=(
            [
                row.account.code,
                row.account.name,
                row.facility.code,
                row.on,
                round(row.quantity, row.account.decimals),
                row.account.unit,
                row.source,
                row.memo,
                moment_at(row.recorded_at, row.facility),
            ]
            for row in rows.iterator(chunk_size=2_000)
        ),
    )


def _counted(scope: Scope, code: str) -> list[tuple[str, str]]:
    narrowed = [("Account", code)] if code else []
    rows = [row for row in statistics(scope) if not code or row.code == code]
    return narrowed + [
        (f"{row.name} of {row.facility_code}", f"{row.quantity} {row.unit} in {row.n_entries} entries")
        for row in rows
    ]
