"""Entries by the hundred thousand: COPY chunk by chunk, all or none, in flat memory."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from django.db import DatabaseError, IntegrityError, connection, transaction

from hms_ach import clock
from hms_ach.access.models import Facility, User
from hms_ach.ids import new_id
from hms_ach.refusal import Refusal
from ledger.commands.entry_answer import refusal_of
from ledger.commands.entry_places import DayBooks, Resolved
from ledger.commands.entry_refusal import EntryKeyReused, EntryOfSetRefused
from ledger.commands.entry_set import naming, posted_alone
from ledger.commands.realised import settles_foreign_items
from ledger.models import Entry
from ledger.rules.posting import NewEntry, check_balanced

CHUNK = 5_000
# Entries sent at a time, so that the database writes while the next are being made.
BLOCK = 200

_COPY_ENTRIES = """
    COPY ledger_entry (id, public_id, key, legal_entity_id, facility_id, period_id, effective_on,
        belongs_on, posted_at, posted_by_id, source_kind, source_id, memo, content_hash, n_postings,
        total_functional_minor)
    FROM STDIN
"""
_COPY_POSTINGS = """
    COPY ledger_posting (entry_id, line, legal_entity_id, facility_id, effective_on, account_id, role,
        amount_minor, currency, functional_minor, exchange_rate_id, department_id, payer_class, payer, tender,
        reference)
    FROM STDIN
"""
_RESERVE = """
    SELECT array_agg(nextval(pg_get_serial_sequence('ledger_entry', 'id'))), clock_timestamp()
    FROM generate_series(1, %s)
"""
_SPECIAL = re.compile(r"[\\\t\n\r]")
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


@dataclass(frozen=True, slots=True)
class Copied:
    """n_posted entries are new; n_known stood in the book already, with the same content."""

    n_posted: int
    n_known: int


@transaction.atomic
def copy_entries(entries: Iterable[NewEntry], *, actor: User | None = None) -> Copied:
    """Write any number of balanced entries, all or none: opening balances, accruals of a night, imports.

    They are taken from the iterable as they come and sent by COPY straight into the book's tables, CHUNK at
    a time; triggers look at each chunk as a set, and memory does not grow with their number. Keys, contents
    and roles mean what they mean to post_entry. An entry that settles foreign items is posted alone, in
    its turn.

    Raises EntryOfSetRefused, which names the entry by its number from 1 and its key, and holds the refusal.
    """
    load = _Load(actor)
    # Plans made for single entries would serve sets badly, and the other way round.
    _execute("DISCARD PLANS")
    for entry in entries:
        load.take(entry)
    load.flush()
    _execute("DISCARD PLANS")
    return Copied(load.n_posted, load.n_taken - load.n_posted)


@dataclass(slots=True)
class _Waiting:
    """An entry of the next chunk, and what was asked about it before: COPY leaves no room for questions.

    id, public_id  of the row, once it is written
    """

    number: int
    entry: NewEntry
    facility: Facility
    resolved: Resolved
    id: int = 0
    public_id: str = ""


class _Load:
    """Gathers entries, and writes them whenever a chunk is full."""

    def __init__(self, actor: User | None) -> None:
        self.actor = actor
        self.actor_id = _null(actor and actor.pk)
        self.books = DayBooks()
        self.n_taken = self.n_posted = 0
        self.waiting: list[_Waiting] = []

    def take(self, entry: NewEntry) -> None:
        self.n_taken += 1
        book = self.books.of(entry)
        try:
            resolved = book.resolved(entry)
        except Refusal as refusal:
            raise EntryOfSetRefused(number=self.n_taken, key=entry.key, cause=refusal) from refusal
        if resolved.is_foreign and settles_foreign_items(entry.postings, book.functional):
            self._post_alone(entry)
            return
        self.waiting.append(_Waiting(self.n_taken, entry, book.facility, resolved))
        if len(self.waiting) == CHUNK:
            self.flush()

    def _post_alone(self, entry: NewEntry) -> None:
        self.flush()
        with naming(self.n_taken, entry):
            is_known = Entry.objects.filter(key=entry.key).exists()
            posted_alone(entry, self.actor)
        self.n_posted += not is_known

    def flush(self) -> None:
        """Write what waits. Only when a key turns out to be used is the book asked which ones it knows."""
        new, self.waiting = self.waiting, []
        try:
            with transaction.atomic():
                self._copy(new)
        except IntegrityError as error:
            if _constraint(error) != "ledger_entry_key_key":
                raise
            new = _unknown(new)
            with transaction.atomic():
                self._copy(new)
        self.n_posted += len(new)

    def _copy(self, new: Sequence[_Waiting]) -> None:
        if not new:
            return
        ((row_ids, now),) = _execute(_RESERVE, [len(new)])
        for each, row_id in zip(new, row_ids, strict=True):
            each.id = row_id
        posted_at = str(clock.stopped_at() or now)
        try:
            _stream(_COPY_ENTRIES, (self._entry(each, posted_at) for each in new))
            _stream(_COPY_POSTINGS, (_postings(each) for each in new))
        except DatabaseError as error:
            meant = _meant_by(error, new)
            if _constraint(error) == "ledger_entry_key_key" or meant is None:
                raise
            with naming(meant.number, meant.entry):
                raise refusal_of(error, {"effective_on": meant.entry.effective_on}) from error

    def _entry(self, each: _Waiting, posted_at: str) -> str:
        """The entry's row as COPY reads it; what is wrong with its lines is said here."""
        entry, period_id = each.entry, each.resolved.period_id
        try:
            check_balanced(entry.postings)
        except Refusal as refusal:
            raise EntryOfSetRefused(number=each.number, key=entry.key, cause=refusal) from refusal
        each.public_id = new_id("ent")
        total = sum(minor for minor in each.resolved.functional_minors if minor > 0)
        key, source_kind, source_id, memo = _escaped(entry.key, *entry.source, entry.memo)
        return (
            f"{each.id}\t{each.public_id}\t{key}\t{each.facility.legal_entity_id}\t{each.facility.id}\t{period_id}"
            f"\t{entry.effective_on}\t{_null(entry.belongs_on)}\t{posted_at}\t{self.actor_id}"
            f"\t{source_kind}\t{source_id}\t{memo}"
            f"\t\\\\x{entry.content_hash.hex()}\t{len(entry.postings)}\t{total}\n"
        )


def _postings(each: _Waiting) -> str:
    """The rows of an entry's postings as COPY reads them."""
    entry, resolved = each.entry, each.resolved
    start = f"{each.facility.legal_entity_id}\t{each.facility.id}\t{entry.effective_on}"
    rows = []
    for line, (p, account_id, functional, rate_id) in enumerate(
        zip(
            entry.postings,
            resolved.account_ids,
            resolved.functional_minors,
            resolved.rate_ids,
            strict=True,
        ),
        start=1,
    ):
        role, payer_class, payer, tender, reference = _escaped(
            p.role, p.payer_class, p.payer, p.tender, p.reference
        )
        rows.append(
            f"{each.id}\t{line}\t{start}\t{account_id}\t{role}\t{p.amount.minor}\t{p.amount.currency}"
            f"\t{functional}\t{_null(rate_id)}\t{_null(p.department_id)}"
            f"\t{payer_class}\t{payer}\t{tender}\t{reference}\n"
        )
    return "".join(rows)


def _escaped(*words: str) -> Sequence[str]:
    """Words as COPY reads them; one look for all, because hardly any needs it."""
    return [word.translate(_ESCAPES) for word in words] if _SPECIAL.search("".join(words)) else words


def _null(value: Any) -> Any:
    return "\\N" if value is None else value


def _execute(sql: str, params: Sequence[Any] = ()) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(sql, params or None)
        return cursor.fetchall() if cursor.description else []


def _stream(sql: str, rows: Iterable[str]) -> None:
    """Send rows in blocks, so that the database writes while the next are being made."""
    with connection.wrap_database_errors, connection.cursor() as cursor, cursor.copy(sql) as copy:
        block: list[str] = []
        for n, row in enumerate(rows, start=1):
            block.append(row)
            if n % BLOCK == 0:
                copy.write("".join(block))
                block.clear()
        copy.write("".join(block))


def _constraint(error: DatabaseError) -> str:
    return getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or ""


def _meant_by(error: DatabaseError, new: Sequence[_Waiting]) -> _Waiting | None:
    """The entry that the database names, by its public id or by the row where COPY stopped."""
    said = f"{error}{getattr(getattr(error.__cause__, 'diag', None), 'context', '')}"
    if found := re.search(r"COPY (\w+), line (\d+)", said):
        table, row = found[1], int(found[2])
        counts = (1 if table == "ledger_entry" else len(each.entry.postings) for each in new)
        return new[next(n for n, last in enumerate(accumulate(counts)) if last >= row)]
    return next((each for each in new if each.public_id in said), None)


def _unknown(new: Sequence[_Waiting]) -> list[_Waiting]:
    """Those whose key the book does not know. Raises EntryKeyReused for another content."""
    keys = [each.entry.key for each in new]
    known = {
        key: bytes(content)
        for key, content in Entry.objects.filter(key__in=keys).values_list("key", "content_hash")
    }
    unknown = []
    for each in new:
        content = each.entry.content_hash
        if each.entry.key not in known:
            unknown.append(each)
        if known.setdefault(each.entry.key, content) != content:
            with naming(each.number, each.entry):
                raise EntryKeyReused(key=each.entry.key)
    return unknown
