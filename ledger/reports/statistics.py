"""What was counted, entry by entry, as rows for a file."""

from hms_ach.access.models import User
from hms_ach.sheets import Column, Kind, StatementTable
from ledger.queries import Scope, statistic_entries
from ledger.reports.statement import facts_of, file_name


def statistics_table(scope: Scope, *, code: str, actor: User) -> StatementTable:
    """Every quantity of the days chosen, of one account when asked; rows are read as they are written."""
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
        facts=facts_of("statistics", scope, actor=actor),
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
                row.recorded_at,
            ]
            for row in rows.iterator(chunk_size=2_000)
        ),
    )
