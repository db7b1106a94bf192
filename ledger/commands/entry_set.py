"""Many entries at once: all or none of them, by one statement."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from operator import itemgetter
from typing import Any

from django.db import DatabaseError, connection, transaction

from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.ids import new_id
from hms_ach.refusal import Refusal
from ledger.commands.entry import post_entry
from ledger.commands.entry_answer import Posted, as_entry, reason_against, refusal_of, standing
from ledger.commands.entry_refusal import EntryKeyReused, EntryOfSetRefused, EntryRefused
from ledger.commands.prepared import Statement, array
from ledger.commands.realised import settles_foreign_items
from ledger.models import Entry
from ledger.rules.posting import NewEntry, check_balanced

_POST = Statement.read("post_entries.sql")


def post_entries(entries: Sequence[NewEntry], *, actor: User | None = None) -> list[Entry]:
    """Write balanced entries, all or none, and answer them in their order. One statement, one round trip.

    Keys and contents are compared as post_entry does it, with the book and within the set. Where one of
    them settles foreign items, they are posted one after the other, because each changes what the next
    settles at; and where the database does not say which entry it refuses, to find that out. For more than
    some thousands there is copy_entries.

    Raises EntryOfSetRefused, which names the entry by its number from 1 and its key, and holds the refusal.
    """
    hashes = _contents(entries)
    first = {entry.key: (number, entry) for number, entry in reversed([*enumerate(entries, start=1)])}
    numbered = sorted(first.values(), key=itemgetter(0))
    is_one_by_one = any(
        settles_foreign_items(entry.postings, entry.facility.legal_entity.functional_currency)
        for entry in entries
    )
    if entries and not is_one_by_one:
        try:
            with transaction.atomic():
                posted = _posted(numbered, hashes, actor)
                return [posted[entry.key] for entry in entries]
        except _NotSaidWhich:
            pass
    with transaction.atomic():
        return _one_by_one(entries, actor)


class _NotSaidWhich(Exception):
    """The database refuses the set and names no entry."""


def _contents(entries: Sequence[NewEntry]) -> dict[str, bytes]:
    """The hash of each key's content. Raises EntryUnbalanced, or EntryKeyReused within the set."""
    hashes: dict[str, bytes] = {}
    for number, entry in enumerate(entries, start=1):
        with naming(number, entry):
            check_balanced(entry.postings)
            content = entry.content_hash
            if hashes.setdefault(entry.key, content) != content:
                raise EntryKeyReused(key=entry.key)
    return hashes


@contextmanager
def naming(number: int, entry: NewEntry) -> Iterator[None]:
    """A refusal of what happens inside says which entry of the set it is about."""
    try:
        yield
    except Refusal as refusal:
        raise EntryOfSetRefused(number=number, key=entry.key, cause=refusal) from refusal


def _one_by_one(entries: Sequence[NewEntry], actor: User | None) -> list[Entry]:
    posted = []
    for number, entry in enumerate(entries, start=1):
        with naming(number, entry):
            posted.append(posted_alone(entry, actor))
    return posted


def posted_alone(entry: NewEntry, actor: User | None) -> Entry:
    return post_entry(
        key=entry.key,
        facility=entry.facility,
        effective_on=entry.effective_on,
        source=entry.source,
        memo=entry.memo,
        postings=entry.postings,
        belongs_on=entry.belongs_on,
        actor=actor,
    )


def _posted(
    numbered: Sequence[tuple[int, NewEntry]], hashes: dict[str, bytes], actor: User | None
) -> dict[str, Entry]:
    """Each entry by its key; run again when a race hid the first use of a key from the statement."""
    entries = [entry for _number, entry in numbered]
    params = _headers(entries, hashes, actor) | _lines(entries)
    for _attempt in range(2):
        answers = {place: Posted(*row) for *row, place in _rows(params, numbered)}
        if all(answer.id is not None for answer in answers.values()):
            break
    posted = {}
    judged = [(number, entry, answers.get(place)) for place, (number, entry) in enumerate(numbered, start=1)]
    # Those with a reason of their own first: they tell why none was written.
    for number, entry, answer in sorted(judged, key=lambda each: not _has_reason(each[2], each[1], hashes)):
        with naming(number, entry):
            if answer is None:
                raise EntryRefused(problem="its facility does not exist")
            values = _values(entry, hashes)
            answer = standing(answer, values)
            posted[entry.key] = as_entry(answer, values, facility_id=entry.facility.pk)
    return posted


def _has_reason(answer: Posted | None, entry: NewEntry, hashes: dict[str, bytes]) -> bool:
    if answer is None:
        return True
    if answer.id is not None:
        return bytes(answer.known_hash or hashes[entry.key]) != hashes[entry.key]
    return reason_against(answer, _values(entry, hashes)) is not None


def _values(entry: NewEntry, hashes: dict[str, bytes]) -> dict[str, Any]:
    return {
        "key": entry.key,
        "effective_on": entry.effective_on,
        "belongs_on": entry.belongs_on,
        "source_kind": entry.source[0],
        "source_id": entry.source[1],
        "memo": entry.memo,
        "content_hash": hashes[entry.key],
    }


def _rows(params: dict[str, Any], numbered: Sequence[tuple[int, NewEntry]]) -> list[tuple]:
    try:
        return _POST.rows(params)
    except DatabaseError as error:
        connection.needs_rollback = connection.in_atomic_block
        public_ids = params["public_ids"].strip("{}").replace('"', "").split(",")
        for public_id, (number, entry) in zip(public_ids, numbered, strict=True):
            if public_id in str(error):
                with naming(number, entry):
                    raise refusal_of(error, {"effective_on": entry.effective_on}) from error
        raise _NotSaidWhich from error


def _headers(entries: Sequence[NewEntry], hashes: dict[str, bytes], actor: User | None) -> dict[str, Any]:
    return {
        "public_ids": array(new_id("ent") for _ in entries),
        "keys": array(e.key for e in entries),
        "facility_ids": array(e.facility.pk for e in entries),
        "effective_ons": array(e.effective_on.isoformat() for e in entries),
        "belongs_ons": array(e.belongs_on.isoformat() if e.belongs_on else None for e in entries),
        "source_kinds": array(e.source[0] for e in entries),
        "source_ids": array(e.source[1] for e in entries),
        "memos": array(e.memo for e in entries),
        "content_hashes": array(hashes[e.key].hex() for e in entries),
        "n_postings": array(len(e.postings) for e in entries),
        "posted_at": clock.stopped_at(),
        "posted_by_id": actor.pk if actor else None,
    }


def _lines(entries: Sequence[NewEntry]) -> dict[str, Any]:
    placed = [
        (number, line, posting)
        for number, entry in enumerate(entries, start=1)
        for line, posting in enumerate(entry.postings, start=1)
    ]
    return {
        "numbers": array(number for number, _line, _p in placed),
        "lines": array(line for _number, line, _p in placed),
        "roles": array(p.role for _number, _line, p in placed),
        "amounts": array(p.amount.minor for _number, _line, p in placed),
        "currencies": array(p.amount.currency for _number, _line, p in placed),
        "departments": array(p.department_id for _number, _line, p in placed),
        "payer_classes": array(p.payer_class for _number, _line, p in placed),
        "payers": array(p.payer for _number, _line, p in placed),
        "tenders": array(p.tender for _number, _line, p in placed),
        "references": array(p.reference for _number, _line, p in placed),
        "accounts": array(p.account_id for _number, _line, p in placed),
        "differences": array(p.difference_minor for _number, _line, p in placed),
    }
