"""Checking the whole trail against its seals."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connections, transaction

from hms_ach.audit.commands.seal import NO_DIGEST, header_of
from hms_ach.audit.models import Event, Seal
from hms_ach.audit.rules.frozen import EVENT_FIELDS, FrozenTextMalformed, event_digest, header_digest, thaw
from hms_ach.audit.rules.merkle import Tree
from hms_ach.audit.rules.signature import is_valid


@dataclass(frozen=True, slots=True)
class Finding:
    """One place where the trail is not what was sealed."""

    where: str
    problem: str


@dataclass(slots=True)
class Verification:
    """What was checked and what was found; an empty list of findings is the good news."""

    events: int = 0
    seals: int = 0
    unsealed: int = 0
    oldest_unsealed_at: datetime | None = None
    findings: list[Finding] = field(default_factory=list)

    def find(self, where: str, problem: str) -> None:
        self.findings.append(Finding(where, problem))


def verify(
    *, public_keys: Mapping[str, bytes], anchors: Mapping[int, str] | None = None, using: str = "default"
) -> Verification:
    """Check every digest, column, tree head, link and signature. Two streamed queries, flat memory.

    public_keys  by key id. With any, every seal must be signed by one of them
    anchors      digests (hex) by seal number, from the store that another administrator keeps. Only
                 they show that the newest seals were cut off, or all rewritten with a stolen key
    """
    result = Verification()
    with transaction.atomic(using=using):
        if not connections[using].savepoint_ids:
            _freeze_view(using)
        events = _Peekable(
            Event.objects.using(using).order_by("epoch", "transaction", "id").iterator(chunk_size=2000)
        )
        previous, digests = None, {}
        for seal in Seal.objects.using(using).order_by("number").iterator(chunk_size=2000):
            _check_seal(result, seal, previous, public_keys)
            _check_events(result, seal, events)
            digests[seal.number] = bytes(seal.digest).hex()
            previous = seal
            result.seals += 1
        _check_unsealed(result, events)
    for number, digest in sorted((anchors or {}).items()):
        if digests.get(number) != digest:
            result.find(f"seal {number}", "differs from its anchor, or is gone")
    return result


class _Peekable:
    """Rows in order, with a look at the next."""

    def __init__(self, rows: Iterator[Event]) -> None:
        self._rows = iter(rows)
        self.next: Event | None = next(self._rows, None)

    def take(self) -> Event:
        taken, self.next = self.next, next(self._rows, None)
        assert taken is not None
        return taken


def _freeze_view(using: str) -> None:
    """Let all queries see one moment."""
    with connections[using].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")


def _check_seal(
    result: Verification, seal: Seal, previous: Seal | None, public_keys: Mapping[str, bytes]
) -> None:
    where = f"seal {seal.number}"
    if seal.number != (previous.number + 1 if previous else 1):
        result.find(where, "a seal before it is missing")
    if bytes(seal.previous_digest) != (bytes(previous.digest) if previous else NO_DIGEST):
        result.find(where, "does not continue the seal before it")
    continues = previous is not None and previous.epoch == seal.epoch
    if seal.low != (previous.high if previous and continues else 0):
        result.find(where, "its range does not begin where the one before ends")
    if previous and seal.epoch < previous.epoch:
        result.find(where, "its epoch lies before that of the seal before it")
    if seal.header != header_of(seal):
        result.find(where, "its columns differ from its frozen header")
    if bytes(seal.digest) != header_digest(seal.header):
        result.find(where, "its header was changed")
    _check_signature(result, seal, public_keys)


def _check_signature(result: Verification, seal: Seal, public_keys: Mapping[str, bytes]) -> None:
    where = f"seal {seal.number}"
    if not seal.key_id:
        if public_keys:
            result.find(where, "is not signed")
    elif seal.key_id not in public_keys:
        result.find(where, f"is signed by key {seal.key_id}, which is not known")
    elif not is_valid(public_keys[seal.key_id], bytes(seal.signature), seal.header):
        result.find(where, "its signature is wrong")


def _check_events(result: Verification, seal: Seal, events: _Peekable) -> None:
    """Take all events up to the end of the seal's range and compare their tree head."""
    tree = Tree()
    while events.next and (events.next.epoch, events.next.transaction) < (seal.epoch, seal.high):
        event = events.take()
        _check_event(result, event)
        tree.add(bytes(event.digest))
    if tree.count != seal.event_count:
        result.find(f"seal {seal.number}", f"sealed {seal.event_count} events, {tree.count} are there")
    elif tree.root() != bytes(seal.root):
        result.find(f"seal {seal.number}", "its events are not those that were sealed, or not in that order")


def _check_unsealed(result: Verification, events: _Peekable) -> None:
    while events.next:
        event = events.take()
        _check_event(result, event)
        result.unsealed += 1
        result.oldest_unsealed_at = min(result.oldest_unsealed_at or event.at, event.at)


def _check_event(result: Verification, event: Event) -> None:
    result.events += 1
    if event_digest(bytes(event.salt), event.frozen) != bytes(event.digest):
        result.find(f"event {event.public_id}", "its frozen text, salt or digest was changed")
    try:
        frozen = thaw(event.frozen, EVENT_FIELDS)
    except FrozenTextMalformed as malformed:
        result.find(f"event {event.public_id}", f"its frozen text is malformed: {malformed}")
        return
    for name, value in _columns(event).items():
        kept = frozen[name]
        if name in ("before", "after"):
            kept = None if kept is None else json.loads(kept)
        if kept != value:
            result.find(f"event {event.public_id}", f"its column {name} differs from its frozen text")


def _columns(event: Event) -> dict[str, object]:
    """The columns as the frozen text words them; users' names are kept in the frozen text alone."""
    return {
        "public_id": event.public_id,
        "epoch": str(event.epoch),
        "transaction": str(event.transaction),
        "at": f"{event.at:%Y-%m-%dT%H:%M:%S.%f}Z",
        "action": event.action,
        "actor_id": _text(event.actor_id),
        "on_behalf_of_id": _text(event.on_behalf_of_id),
        "subject_kind": event.subject_kind,
        "subject": event.subject,
        "facility_id": _text(event.facility_id),
        "request_id": event.request_id,
        "reason": event.reason,
        "before": event.before,
        "after": event.after,
    }


def _text(number: int | None) -> str | None:
    return None if number is None else str(number)
