"""The discrepancies that wait, as rows for a file."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from hms_ach import clock
from hms_ach.access.models import Facility, User
from hms_ach.money import Money
from hms_ach.sheets import Column, Kind, StatementTable
from reconciliation.models import Proposal
from reconciliation.queries.queue import Asked, Waits, waiting_rows

DEFINITION = (
    "What the bank and the book do not agree on, and nobody has approved an ending for. The amount is what "
    "the bank has more than was expected; empty where nobody can know it. The age counts from the day it was "
    "due."
)
_COLUMNS = (
    Column("Discrepancy"),
    Column("Type"),
    Column("Facility"),
    Column("Account"),
    Column("Since", Kind.DAY),
    Column("Age in days", Kind.NUMBER),
    Column("Amount", Kind.MONEY),
    Column("Currency"),
    Column("Owner"),
    Column("State"),
    Column("Proposed ending"),
    Column("Why"),
    Column("To be closed by", Kind.MOMENT),
    Column("Service level"),
    Column("What is known"),
)


def discrepancy_table(
    facilities: Sequence[Facility], *, reader: User, asked: Asked, narrowed: str
) -> StatementTable:
    """All of the queue under its filter, the oldest first. Three queries.

    narrowed  the filter in words; empty for everything that waits
    """
    zone = ZoneInfo(facilities[0].timezone) if facilities else ZoneInfo("UTC")
    now = clock.now().astimezone(zone)
    return StatementTable(
        title="Discrepancies",
        name=f"discrepancies-{now:%Y-%m-%d}",
        facts=(
            ("Facilities", ", ".join(facility.code for facility in facilities)),
            ("Narrowed to", narrowed or "everything that waits"),
            ("Produced", f"{now:%Y-%m-%d %H:%M %Z}"),
            ("Produced by", f"{reader.get_full_name()} ({reader.get_username()})"),
            ("Definition", DEFINITION),
        ),
        columns=_COLUMNS,
        rows=list(_rows(facilities, reader, asked)),
    )


def _rows(facilities: Sequence[Facility], reader: User, asked: Asked) -> Iterator[list]:
    waiting = waiting_rows([facility.pk for facility in facilities], reader=reader, asked=asked)
    proposals = Proposal.objects.filter(verdict=None, discrepancy__in=[each.row.pk for each in waiting])
    endings = {row.discrepancy_id: row for row in proposals.order_by("id")}
    for each in waiting:
        yield _cells(each, endings.get(each.row.pk))


def _cells(each: Waits, ending: Proposal | None) -> list:
    row = each.row
    return [
        row.public_id,
        row.get_kind_display(),
        row.facility.code,
        row.account.code if row.account else "",
        row.due_on,
        each.age_days,
        None if row.amount_minor is None else Money(row.amount_minor, row.currency),
        row.currency,
        row.owner.get_full_name() if row.owner else "nobody",
        row.get_state_display(),
        ending.get_action_display() if ending else "none",
        ending.reason if ending else "",
        _local(each.due_at, row.facility.timezone),
        "late" if each.is_overdue else "in time",
        " ".join(row.reasons),
    ]


def _local(moment: datetime, timezone: str) -> datetime:
    return moment.astimezone(ZoneInfo(timezone))
