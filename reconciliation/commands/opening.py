"""Opening and closing discrepancies, one at a time or by the set."""

from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from hms_ach import clock, outbox
from hms_ach.access.models import Facility
from hms_ach.ids import new_id
from hms_ach.money import Money
from reconciliation.models import Discrepancy, OpenItem, OpenLine

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


def open_again(match_id: int) -> None:
    """What an undone match had closed waits again; with an undecided proposal, for its approval.

    What another match settled, or what waits anew, meanwhile is not told twice: then nothing waits again of
    a line, and of a difference its line alone.
    """
    closed = Discrepancy.objects.filter(closed_by_match_id=match_id).select_related("line").order_by("id")
    for found in closed.select_for_update(of=("self",)):
        is_item_free = _is_free(found, "expectation", OpenItem)
        if not (_is_free(found, "line", OpenLine) and (is_item_free or found.line_id)):
            continue
        if not is_item_free:
            leave_to_line(found, "Its reference names an item of another amount, which is settled elsewhere.")
        found.state = "PROPOSED" if found.proposals.filter(verdict=None).exists() else "OPEN"
        found.closed_at = found.closed_by_match = None
        found.save(update_fields=["state", "closed_at", "closed_by_match"])


def _is_free(found: Discrepancy, side: str, opened: type[OpenLine] | type[OpenItem]) -> bool:
    """Whether the discrepancy's line or item is open and waits in no other; there may be none."""
    key = getattr(found, f"{side}_id")
    others = Discrepancy.objects.filter(**{f"{side}_id": key}, state__in=WAITING)
    return key is None or (opened.objects.filter(pk=key).exists() and not others.exists())


def leave_to_line(found: Discrepancy, reason: str) -> None:
    """The difference of a pair that is none: the line has no other side yet."""
    assert found.line is not None
    found.kind = "UNMATCHED_CREDIT" if found.line.amount_minor > 0 else "UNMATCHED_DEBIT"
    found.expectation, found.amount_minor, found.reasons = None, found.line.amount_minor, [reason]
    found.save(update_fields=["kind", "expectation", "amount_minor", "reasons"])


def close_matched(match_ids: list[int]) -> None:
    """Close the waiting discrepancies of the lines and items of these matches. Two statements."""
    # As one text: of a hundred thousand numbers in a list, each would be looked at by itself.
    matches = f"{{{','.join(map(str, match_ids))}}}"
    with connection.cursor() as cursor:
        for table, column in (("matchline", "line_id"), ("matchitem", "expectation_id")):
            cursor.execute(
                f"""
                UPDATE reconciliation_discrepancy AS found
                   SET state = 'APPROVED', closed_at = %(now)s, closed_by_match_id = part.match_id
                  FROM reconciliation_{table} part
                 WHERE part.match_id = ANY(%(matches)s::bigint[]) AND part.{column} = found.{column}
                   AND found.state IN ('OPEN', 'REJECTED', 'PROPOSED')
                """,  # noqa: S608 - the names are the two constants above
                {"now": clock.now(), "matches": matches},
            )
