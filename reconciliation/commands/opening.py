"""Opening and closing discrepancies, one at a time or by the set."""

from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from hms_ach import clock, outbox
from hms_ach.access.models import Facility
from hms_ach.ids import new_id
from hms_ach.money import Money
from reconciliation.models import Discrepancy

WAITING = ("OPEN", "PROPOSED", "REJECTED")


def open_discrepancy(**values: Any) -> Discrepancy | None:
    """Open one, unless its subject has one already. Emits `discrepancy.opened`."""
    opened = open_all([values])
    return opened[0] if opened else None


@transaction.atomic
def open_all(rows: list[dict[str, Any]]) -> list[Discrepancy]:
    """Open those whose subject has none waiting; rows as for Discrepancy. Emits `discrepancy.opened` each."""
    now = clock.now()
    wanted = [Discrepancy(opened_at=now, public_id=new_id("dis"), **row) for row in rows]
    Discrepancy.objects.bulk_create(wanted, ignore_conflicts=True, batch_size=1_000)
    opened = list(
        Discrepancy.objects.filter(public_id__in=[row.public_id for row in wanted])
        .select_related("facility")
        .order_by("id")
    )
    for row in opened:
        _tell(row, row.facility)
    return opened


def _tell(row: Discrepancy, facility: Facility) -> None:
    outbox.record(
        "discrepancy.opened",
        subject=row.public_id,
        facility=facility,
        data={
            "kind": row.kind,
            "due_on": row.due_on.isoformat(),
            "difference": None
            if row.amount_minor is None
            else Money(row.amount_minor, row.currency).as_json(),
            "reasons": row.reasons,
        },
    )


def close_discrepancies(rows: QuerySet[Discrepancy], *, match_id: int | None = None) -> int:
    """Close what has come right by itself: a statement that arrived, a match that was found.

    A proposal that nobody has decided is overtaken by it.
    """
    waiting = rows.filter(state__in=WAITING)
    return waiting.update(state="APPROVED", closed_at=clock.now(), closed_by_match_id=match_id)


def close_matched(match_ids: list[int]) -> None:
    """Close the waiting discrepancies of the lines and items of these matches. Two statements."""
    with connection.cursor() as cursor:
        for table, column in (("matchline", "line_id"), ("matchitem", "expectation_id")):
            cursor.execute(
                f"""
                UPDATE reconciliation_discrepancy AS found
                   SET state = 'APPROVED', closed_at = %(now)s, closed_by_match_id = part.match_id
                  FROM reconciliation_{table} part
                 WHERE part.match_id = ANY(%(matches)s) AND part.{column} = found.{column}
                   AND found.state IN ('OPEN', 'REJECTED', 'PROPOSED')
                """,  # noqa: S608 - the names are the two constants above
                {"now": clock.now(), "matches": match_ids},
            )
