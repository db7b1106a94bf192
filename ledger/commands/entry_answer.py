"""What the statements of the journal answer: the entry that stands, or why none was written."""

from typing import Any, NamedTuple, TypeVar

from django.db import DatabaseError, connection

from hms_ach.refusal import Refusal
from ledger.commands.entry_refusal import (
    AccountInactive,
    EntryAlreadyReversed,
    EntryKeyReused,
    EntryRefused,
    PeriodClosed,
    RateMissing,
    RoleUnassigned,
)
from ledger.models import Entry
from ledger.rules.posting import EntryUnbalanced

_COLUMNS = [field.attname for field in Entry._meta.concrete_fields]


class Posted(NamedTuple):
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


class Reversed(NamedTuple):
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


Answer = TypeVar("Answer", Posted, Reversed)


def refusal_of(error: DatabaseError, params: dict[str, Any]) -> Exception:
    """The refusal that a database error stands for, or the error itself."""
    diagnosis = getattr(error.__cause__, "diag", None)
    name = getattr(diagnosis, "constraint_name", None) or ""
    problem = getattr(diagnosis, "message_primary", None) or ""
    if getattr(error.__cause__, "sqlstate", "") == "22003":
        return EntryRefused(problem="an amount is larger than the book can hold")
    if getattr(error.__cause__, "sqlstate", "").startswith("22"):
        return EntryRefused(problem=problem)
    if name == "ledger_entry_balanced":
        return EntryUnbalanced(problem=problem)
    if name == "ledger_entry_period_open":
        return PeriodClosed(day=params["effective_on"], entity="this legal entity", state="closed")
    if name.startswith("ledger_entry_reverses"):
        return EntryAlreadyReversed(entry=params["original_key"])
    if name.startswith(("ledger_entry", "ledger_posting")):
        return EntryRefused(problem=problem)
    return error


def reason_against(answer: Posted | Reversed, params: dict[str, Any]) -> Refusal | None:
    """Why nothing was written; None when the statement saw no reason."""
    day, entity = params["effective_on"].isoformat(), answer.entity
    if isinstance(answer, Reversed) and answer.reversal:
        return EntryAlreadyReversed(entry=answer.original_public_id)
    is_adjusting = answer.period_state == "SOFT" and params["source_kind"] == "adjustment"
    if answer.period_state != "OPEN" and not is_adjusting:
        state = {"SOFT": "soft closed", "HARD": "closed"}.get(answer.period_state or "", "not opened yet")
        return PeriodClosed(day=day, entity=entity, state=state)
    if isinstance(answer, Posted) and answer.roles_unassigned:
        return RoleUnassigned(entity=entity, roles=", ".join(answer.roles_unassigned), day=day)
    if answer.accounts_inactive:
        return AccountInactive(accounts=", ".join(answer.accounts_inactive), entity=entity, day=day)
    if isinstance(answer, Posted) and answer.rates_missing:
        missing = ", ".join(answer.rates_missing)
        return RateMissing(currencies=missing, functional=answer.functional, day=day)
    return None


def standing(answer: Answer, params: dict[str, Any]) -> Answer:
    """The answer of an entry that stands, now or before with the same content."""
    if answer.known_hash is not None and bytes(answer.known_hash) != params["content_hash"]:
        raise EntryKeyReused(key=params["key"])
    if answer.id is None:
        raise reason_against(answer, params) or EntryRefused(
            problem="another transaction is posting it; try again"
        )
    return answer


def as_entry(answer: Posted | Reversed, params: dict[str, Any], **more: Any) -> Entry:
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
    return _entry(params | more | found)


def as_plain_entry(row: tuple, params: dict[str, Any]) -> Entry:
    """The same, from the id, period and moment that post_plain_entry.sql answers."""
    written, period, posted_at = row
    total = int(params["total"])
    found = {"id": written, "period_id": period, "posted_at": posted_at, "total_functional_minor": total}
    return _entry(params | found)


def _entry(values: dict[str, Any]) -> Entry:
    return Entry.from_db(connection.alias, _COLUMNS, [values.get(name) for name in _COLUMNS])
