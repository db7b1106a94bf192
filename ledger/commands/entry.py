"""Writing the journal: one statement, one round trip, and the database has the last word."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db import DatabaseError, connection

from hms_ach import clock
from hms_ach.access.models import Facility, User
from hms_ach.ids import new_id
from ledger.commands.entry_answer import (
    Answer,
    Posted,
    Reversed,
    as_entry,
    as_plain_entry,
    reason_against,
    refusal_of,
    standing,
)
from ledger.commands.entry_refusal import EntryRefused, EntryUnknown
from ledger.commands.prepared import Statement, array
from ledger.commands.realised import realised_differences
from ledger.models import Entry
from ledger.rules.posting import Posting, check_balanced, content_hash, is_plain

_POST = Statement.read("post_entry.sql")
_POST_PLAIN = Statement.read("post_plain_entry.sql")
_REVERSE = Statement.read("reverse_entry.sql")


def post_entry(
    *,
    key: str,
    facility: Facility,
    effective_on: date,
    source: tuple[str, str],
    memo: str,
    postings: Sequence[Posting],
    actor: User | None = None,
    belongs_on: date | None = None,
) -> Entry:
    """Write one balanced entry into the period of its day. One statement, one round trip.

    A plain entry (each line in the functional currency, by its role) has a statement of its own that writes
    it or nothing; what that one does not write goes to the statement for all entries, which says why.
    An entry that settles foreign items gets the realised gain or loss of exchange as lines of its own
    (realised.py), for two more queries.

    key         unique for ever; the same key with the same content answers the entry of the first time
    source      (kind, public id) of the document that causes it; the kind "adjustment" may enter a
                soft closed period
    belongs_on  the earlier day that a late entry belongs to, whose period is closed

    Foreign amounts are converted at the latest rate on or before the day. Raises EntryUnbalanced,
    PeriodClosed, RoleUnassigned, AccountInactive, RateMissing or EntryKeyReused; the transaction
    stays usable except after a race lost in the database.
    """
    check_balanced(postings)
    content = content_hash(
        facility_id=facility.pk,
        effective_on=effective_on,
        source=source,
        memo=memo,
        postings=postings,
        belongs_on=belongs_on,
    )
    header = _header(key, effective_on, source, memo, content, actor, belongs_on)
    header["facility_id"] = facility.pk
    if is_plain(postings, facility.legal_entity.functional_currency):
        params = header | _lines(postings) | _of_plain_lines(facility, postings)
        if row := _execute(_POST_PLAIN, params):
            return as_plain_entry(row, params)
    added = realised_differences(facility=facility, effective_on=effective_on, postings=postings)
    postings = [*postings, *added]
    params = header | _lines(postings) | _of_any_lines(postings)
    answer = _run(_POST, params, Posted)
    if answer is None:
        raise EntryRefused(problem="its facility does not exist")
    answer = standing(answer, params)
    return as_entry(answer, params)


def reverse_entry(
    *,
    original: Entry | str,
    key: str,
    effective_on: date,
    memo: str,
    source: tuple[str, str],
    actor: User | None,
    belongs_on: date | None = None,
) -> Entry:
    """Write the exact mirror of an entry, once at most. One statement, one round trip.

    original    the entry, or its key
    belongs_on  the earlier day that a late reversal belongs to

    The same key for the same original answers the same reversal. Raises EntryAlreadyReversed,
    EntryUnknown, PeriodClosed, AccountInactive or EntryKeyReused.
    """
    original_key = original if isinstance(original, str) else original.key
    content = content_hash(
        facility_id=0,
        effective_on=effective_on,
        source=source,
        memo=memo,
        postings=[],
        reverses=original_key,
        belongs_on=belongs_on,
    )
    params = _header(key, effective_on, source, memo, content, actor, belongs_on) | {
        "original_key": original_key
    }
    answer = _run(_REVERSE, params, Reversed)
    if answer is None:
        raise EntryUnknown(key=original_key)
    answer = standing(answer, params)
    return as_entry(
        answer,
        params,
        facility_id=answer.facility_id,
        reverses_id=answer.original_id,
    )


def _header(
    key: str,
    effective_on: date,
    source: tuple[str, str],
    memo: str,
    content: bytes,
    actor: User | None,
    belongs_on: date | None,
) -> dict[str, Any]:
    return {
        "public_id": new_id("ent"),
        "key": key,
        "effective_on": effective_on,
        "belongs_on": belongs_on,
        "posted_at": clock.stopped_at(),
        "posted_by_id": actor.pk if actor else None,
        "source_kind": source[0],
        "source_id": source[1],
        "memo": memo,
        "content_hash": content,
    }


def _lines(postings: Sequence[Posting]) -> dict[str, Any]:
    """What every statement is told of the lines."""
    return {
        "n_postings": len(postings),
        "roles": array([p.role for p in postings]),
        "amounts": array([p.amount.minor for p in postings]),
        "departments": array([p.department_id for p in postings]),
        "payer_classes": array([p.payer_class for p in postings]),
        "payers": array([p.payer for p in postings]),
        "tenders": array([p.tender for p in postings]),
        "references": array([p.reference for p in postings]),
    }


def _of_plain_lines(facility: Facility, postings: Sequence[Posting]) -> dict[str, Any]:
    """What post_plain_entry.sql is told besides."""
    return {
        "legal_entity_id": facility.legal_entity_id,
        "currency": postings[0].amount.currency,
        # As text, like the arrays: for a larger number the driver would name another type and prepare again.
        "total": str(sum([p.amount.minor for p in postings if p.amount.minor > 0])),
    }


def _of_any_lines(postings: Sequence[Posting]) -> dict[str, Any]:
    """What post_entry.sql is told besides."""
    return {
        "currencies": array([p.amount.currency for p in postings]),
        "accounts": array([p.account_id for p in postings]),
        "differences": array([p.difference_minor for p in postings]),
    }


def _run(statement: Statement, params: dict[str, Any], shape: type[Answer]) -> Answer | None:
    """The statement's one row; run again when a race hid the first use of the key from it."""
    for _attempt in range(2):
        row = _execute(statement, params)
        answer = shape(*row) if row else None
        if answer is None or answer.id is not None or reason_against(answer, params):
            break
    return answer


def _execute(statement: Statement, params: dict[str, Any]) -> tuple | None:
    try:
        return statement.run(params)
    except DatabaseError as error:
        connection.needs_rollback = connection.in_atomic_block
        raise refusal_of(error, params) from error
