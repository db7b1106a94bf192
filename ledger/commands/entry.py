"""Writing the journal: one statement, one round trip, and the database has the last word."""

from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple, TypeVar

from django.db import DatabaseError, connection

from hms_ach import clock
from hms_ach.access.models import Facility, User
from hms_ach.ids import new_id
from hms_ach.refusal import Refusal
from ledger.commands.entry_refusal import (
    AccountInactive,
    EntryAlreadyReversed,
    EntryKeyReused,
    EntryRefused,
    EntryUnknown,
    PeriodClosed,
    RateMissing,
    RoleUnassigned,
)
from ledger.commands.prepared import Statement, array
from ledger.commands.realised import realised_differences
from ledger.models import Entry
from ledger.rules.posting import EntryUnbalanced, Posting, check_balanced, content_hash

_POST = Statement.read("post_entry.sql")
_REVERSE = Statement.read("reverse_entry.sql")
_COLUMNS = [field.attname for field in Entry._meta.concrete_fields]


class _Posted(NamedTuple):
    """What post_entry.sql answers."""

    id: int | None
    public_id: str | None
    legal_entity_id: int
    period_id: int | None
    posted_at: Any
    posted_by_id: int | None
    total: int | None
    known_hash: bytes | None
    period_state: str | None
    roles_unassigned: list[str] | None
    accounts_inactive: list[str] | None
    rates_missing: list[str] | None
    entity: str
    n_postings: int
    functional: str


class _Reversed(NamedTuple):
    """What reverse_entry.sql answers."""

    id: int | None
    public_id: str | None
    legal_entity_id: int
    period_id: int | None
    posted_at: Any
    posted_by_id: int | None
    total: int | None
    known_hash: bytes | None
    period_state: str | None
    accounts_inactive: list[str] | None
    entity: str
    original_id: int
    original_public_id: str
    facility_id: int
    n_postings: int
    reversal: str | None


_Answer = TypeVar("_Answer", _Posted, _Reversed)


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
    added = realised_differences(facility=facility, effective_on=effective_on, postings=postings)
    postings = [*postings, *added]
    params = _header(key, effective_on, source, memo, content, actor, belongs_on) | {
        "facility_id": facility.pk,
        "n_postings": len(postings),
        "roles": array([p.role for p in postings]),
        "amounts": array([p.amount.minor for p in postings]),
        "currencies": array([p.amount.currency for p in postings]),
        "departments": array([p.department_id for p in postings]),
        "payer_classes": array([p.payer_class for p in postings]),
        "payers": array([p.payer for p in postings]),
        "tenders": array([p.tender for p in postings]),
        "references": array([p.reference for p in postings]),
        "accounts": array([p.account_id for p in postings]),
        "differences": array([p.difference_minor for p in postings]),
    }
    answer = _run(_POST, params, _Posted)
    if answer is None:
        raise EntryRefused(problem="its facility does not exist")
    answer = _written(answer, params)
    return _entry(answer, params, facility_id=facility.pk)


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
    answer = _run(_REVERSE, params, _Reversed)
    if answer is None:
        raise EntryUnknown(key=original_key)
    answer = _written(answer, params)
    return _entry(
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
        "posted_at": clock.now(),
        "posted_by_id": actor.pk if actor else None,
        "source_kind": source[0],
        "source_id": source[1],
        "memo": memo,
        "content_hash": content,
    }


def _run(statement: Statement, params: dict[str, Any], shape: type[_Answer]) -> _Answer | None:
    """The statement's one row; run again when a race hid the first use of the key from it."""
    for _attempt in range(2):
        row = _execute(statement, params)
        answer = shape(*row) if row else None
        if answer is None or answer.id is not None or _reason(answer, params):
            break
    return answer


def _execute(statement: Statement, params: dict[str, Any]) -> tuple | None:
    try:
        return statement.run(params)
    except DatabaseError as error:
        connection.needs_rollback = connection.in_atomic_block
        raise _refusal(error, params) from error


def _refusal(error: DatabaseError, params: dict[str, Any]) -> Exception:
    """The refusal that a database error stands for, or the error itself."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    problem = getattr(diagnosis, "message_primary", None) or ""
    if getattr(error.__cause__, "sqlstate", "") == "22003":
        return EntryRefused(problem="an amount is larger than the book can hold")
    if name == "ledger_entry_balanced":
        return EntryUnbalanced(problem=problem)
    if name == "ledger_entry_period_open":
        return PeriodClosed(day=params["effective_on"], entity="this legal entity", state="closed")
    if name.startswith("ledger_entry_reverses"):
        return EntryAlreadyReversed(entry=params["original_key"])
    if name.startswith(("ledger_entry", "ledger_posting")):
        return EntryRefused(problem=problem)
    return error


def _reason(answer: _Posted | _Reversed, params: dict[str, Any]) -> Refusal | None:
    """Why nothing was written; None when the statement saw no reason."""
    day, entity = params["effective_on"].isoformat(), answer.entity
    if isinstance(answer, _Reversed) and answer.reversal:
        return EntryAlreadyReversed(entry=answer.original_public_id)
    is_adjusting = answer.period_state == "SOFT" and params["source_kind"] == "adjustment"
    if answer.period_state != "OPEN" and not is_adjusting:
        state = {"SOFT": "soft closed", "HARD": "closed"}.get(answer.period_state or "", "not opened yet")
        return PeriodClosed(day=day, entity=entity, state=state)
    if isinstance(answer, _Posted) and answer.roles_unassigned:
        return RoleUnassigned(entity=entity, roles=", ".join(answer.roles_unassigned), day=day)
    if answer.accounts_inactive:
        return AccountInactive(accounts=", ".join(answer.accounts_inactive), entity=entity, day=day)
    if isinstance(answer, _Posted) and answer.rates_missing:
        missing = ", ".join(answer.rates_missing)
        return RateMissing(currencies=missing, functional=answer.functional, day=day)
    return None


def _written(answer: _Answer, params: dict[str, Any]) -> _Answer:
    """The answer of an entry that stands, now or before with the same content."""
    if answer.known_hash is not None and bytes(answer.known_hash) != params["content_hash"]:
        raise EntryKeyReused(key=params["key"])
    if answer.id is None:
        raise _reason(answer, params) or EntryRefused(problem="another transaction is posting it; try again")
    return answer


def _entry(answer: _Posted | _Reversed, params: dict[str, Any], **more: Any) -> Entry:
    """The row just written, without asking for it again."""
    assert answer.public_id is not None
    assert answer.period_id is not None
    assert answer.total is not None
    found = {
        "id": answer.id,
        "public_id": answer.public_id,
        "legal_entity_id": answer.legal_entity_id,
        "period_id": answer.period_id,
        "posted_at": answer.posted_at,
        "posted_by_id": answer.posted_by_id,
        "n_postings": answer.n_postings,
        "total_functional_minor": answer.total,
    }
    row = params | more | found
    return Entry.from_db(connection.alias, _COLUMNS, [row.get(name) for name in _COLUMNS])
