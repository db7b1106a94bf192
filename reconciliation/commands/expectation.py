"""Pulling what the till awaits into the tables that the matching passes read."""

from collections.abc import Collection
from typing import Any

from django.db import connection, transaction

from cashiering.queries import AwaitingBank, awaiting_bank
from hms_ach import clock
from reconciliation.commands.known_party import keep_parties
from reconciliation.commands.opening import leave_to_line
from reconciliation.models import Discrepancy, MatchItem, SuspenseClearing
from reconciliation.queries.give_back import awaited, owed_back
from reconciliation.rules.references import batch_keys, keys_of

_COLUMNS = (
    "kind", "source_id", "facility_id", "amount_minor", "fee_minor", "currency", "clearing_role",
    "reference", "refs", "keys", "payer", "payer_name", "terminal", "batch", "expected_on", "earliest_on",
    "latest_on",
)  # fmt: skip
_STAGE = """
    CREATE TEMP TABLE expectation_staging (
        kind text, source_id text, facility_id bigint, amount_minor bigint, fee_minor bigint, currency text,
        clearing_role text, reference text, refs text[], keys text[], payer text, payer_name text,
        terminal text, batch text, expected_on date, earliest_on date, latest_on date) ON COMMIT DROP
"""
_ADD = """
    INSERT INTO reconciliation_expectation (
        kind, source_id, facility_id, account_id, amount_minor, fee_minor, currency, clearing_role,
        reference, "references", keys, payer, terminal, batch, expected_on, earliest_on, latest_on, pulled_at)
    SELECT staged.kind, source_id, staged.facility_id, account.id, amount_minor, fee_minor, staged.currency,
           clearing_role, reference, refs, keys, payer, terminal, batch, expected_on, earliest_on, latest_on,
           %(now)s
      FROM expectation_staging staged
      LEFT JOIN reconciliation_bankaccount account
             ON account.facility_id = staged.facility_id AND account.currency = staged.currency
            AND account.closed_on IS NULL AND account.is_in_force
     ORDER BY expected_on, source_id
    ON CONFLICT (kind, source_id) DO UPDATE
       SET withdrawn_at = NULL,
           account_id = coalesce(reconciliation_expectation.account_id, excluded.account_id)
     WHERE reconciliation_expectation.withdrawn_at IS NOT NULL
        OR reconciliation_expectation.account_id IS DISTINCT FROM
           coalesce(reconciliation_expectation.account_id, excluded.account_id)
"""
_WITHDRAW = """
    UPDATE reconciliation_expectation item SET withdrawn_at = %(now)s
     WHERE facility_id = ANY(%(facilities)s) AND withdrawn_at IS NULL
       AND NOT EXISTS (SELECT FROM expectation_staging staged
                        WHERE staged.kind = item.kind AND staged.source_id = item.source_id)
       AND NOT EXISTS (SELECT FROM reconciliation_matchitem part
                        WHERE part.expectation_id = item.id AND part.undo_id IS NULL)
"""
_CLOSE = """
    UPDATE reconciliation_discrepancy found SET state = 'APPROVED', closed_at = %(now)s
      FROM reconciliation_expectation item
     WHERE item.id = found.expectation_id AND item.withdrawn_at IS NOT NULL AND found.line_id IS NULL
       AND found.state IN ('OPEN', 'REJECTED') AND item.facility_id = ANY(%(facilities)s)
"""
# What no account took when it was opened belongs to the one that is in force now.
_PLACE = """
    UPDATE reconciliation_discrepancy found SET account_id = item.account_id
      FROM reconciliation_expectation item
     WHERE item.id = found.expectation_id AND found.account_id IS NULL AND item.account_id IS NOT NULL
       AND found.facility_id = ANY(%(facilities)s) AND found.state <> 'APPROVED'
"""


@transaction.atomic
def pull_expectations(*, facility_ids: Collection[int]) -> int:
    """Add what the till newly awaits and what suspense gives back, withdraw what is not awaited any more.

    Gives how many are awaited now. An item that was pulled before stays as it was.
    Safe to run at any time and twice.
    """
    items = [*awaiting_bank(facility_ids=facility_ids), *_given_back(facility_ids)]
    again = _taken_back(facility_ids)
    params: dict[str, Any] = {"now": clock.now(), "facilities": list(facility_ids)}
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS expectation_staging")
        cursor.execute(_STAGE)
        with cursor.copy(f"COPY expectation_staging ({', '.join(_COLUMNS)}) FROM STDIN") as copy:
            for item in items:
                copy.write_row(_row(item, again))
        cursor.execute(_ADD, params)
        keep_parties(cursor)
        cursor.execute(_WITHDRAW, params)
        cursor.execute(_CLOSE, params)
        cursor.execute(_PLACE, params)
    _leave_lines(facility_ids)
    return len(items)


def _leave_lines(facility_ids: Collection[int]) -> None:
    """A line that differs from an item which is awaited no more waits by itself."""
    rows = Discrepancy.objects.filter(facility_id__in=facility_ids, state__in=("OPEN", "REJECTED"))
    rows = rows.filter(line__isnull=False, expectation__withdrawn_at__isnull=False)
    for found in rows.select_for_update(of=("self",)).select_related("line").order_by("id"):
        leave_to_line(found, "Its reference names an item of another amount, which is awaited no more.")


def _given_back(facility_ids: Collection[int]) -> list[AwaitingBank]:
    """What suspense gives back. The clearings are locked first, so that none is undone while it is pulled."""
    rows = SuspenseClearing.objects.select_for_update().order_by("id")
    held = [row.pk for row in rows.filter(pk__in=owed_back(facility_ids).values("pk"))]
    return [awaited(row) for row in owed_back(facility_ids).filter(pk__in=held)]


def _taken_back(facility_ids: Collection[int]) -> set[tuple[str, str]]:
    """Items whose match the bank took back: what is still awaited of them is awaited as another item."""
    parts = MatchItem.objects.filter(
        undo=None, match__taken_back_by__match__undo=None, match__taken_back_by__isnull=False
    ).filter(expectation__facility_id__in=facility_ids)
    return set(parts.order_by().values_list("expectation__kind", "expectation__source_id"))


def _source_id(item: AwaitingBank, again: Collection[tuple[str, str]]) -> str:
    """The public id; ".2" after it when it came back once, and so on. Refunds number their sendings."""
    source_id, times = item.public_id, 1
    while (item.kind, source_id) in again:
        times += 1
        source_id = f"{item.public_id}.{times}"
    return source_id


def _row(item: AwaitingBank, again: Collection[tuple[str, str]]) -> tuple:
    fee = item.fee_rate.fee_of(item.amount).minor if item.fee_rate else 0
    references = [text for text in item.references if text]
    return (
        item.kind,
        _source_id(item, again),
        item.facility_id,
        item.amount.minor,
        fee,
        item.amount.currency,
        item.clearing_role,
        item.reference,
        references,
        [*keys_of([*references, item.reference]), *batch_keys(item.terminal or item.payer, item.batch)],
        item.payer,
        item.payer_name,
        item.terminal,
        item.batch,
        item.expected_on,
        item.earliest_on,
        item.latest_on,
    )
