"""Sealing what is finished."""

from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from hms_ach import clock
from hms_ach.audit.models import Epoch, Event, Seal
from hms_ach.audit.rules.frozen import freeze, header_digest
from hms_ach.audit.rules.merkle import Tree
from hms_ach.audit.rules.signature import key_id, public_of, sign

# A larger transaction is sealed whole all the same.
EVENTS_PER_SEAL = 100_000
NO_DIGEST = bytes(32)
_LOCK = 0x5EA1


def seal_all() -> int:
    """Seal every finished event, in as many seals as it takes; how many."""
    count = 0
    while seal_next() is not None:
        count += 1
    return count


def seal_next() -> Seal | None:
    """Seal the next run of finished events, or None when there is none or somebody else is sealing.

    Finished means below the transaction-id horizon: the oldest transaction still running. Ids of
    rows say nothing about the order of commits; the horizon does. Afterwards the seal is written
    to the anchor file, which another administrator keeps.
    """
    with transaction.atomic():
        if not _locked():
            return None
        last = Seal.objects.order_by("-number").first()
        found = _next_range(last)
        if found is None:
            return None
        made = _seal(last, *found)
    _anchor(made)
    return made


def _locked() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_LOCK])
        return cursor.fetchone()[0]


def _next_range(last: Seal | None) -> tuple[int, int, int] | None:
    """Epoch, low and high of what is to be sealed next; an epoch that ended is sealed to its end."""
    current = Epoch.objects.aggregate(number=Max("number"))["number"]
    epoch, low = (last.epoch, last.high) if last else (1, 0)
    while epoch <= current:
        events = Event.objects.filter(epoch=epoch, transaction__gte=low)
        if epoch == current:
            high = _horizon()
        else:
            high = (events.order_by("-transaction").values_list("transaction", flat=True).first() or 0) + 1
        events = events.filter(transaction__lt=high).order_by("transaction", "id")
        if events.exists():
            limit = events.values_list("transaction", flat=True)[
                EVENTS_PER_SEAL - 1 : EVENTS_PER_SEAL
            ].first()
            return epoch, low, high if limit is None else limit + 1
        epoch, low = epoch + 1, 0
    return None


def _horizon() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text")
        return int(cursor.fetchone()[0])


def _seal(last: Seal | None, epoch: int, low: int, high: int) -> Seal:
    tree = Tree()
    events = Event.objects.filter(epoch=epoch, transaction__gte=low, transaction__lt=high)
    digests = events.order_by("transaction", "id").values_list("digest", flat=True)
    for digest in digests.iterator(chunk_size=5000):
        tree.add(bytes(digest))
    seed = settings.AUDIT_SIGNING_KEY
    seal = Seal(
        number=last.number + 1 if last else 1,
        epoch=epoch,
        low=low,
        high=high,
        event_count=tree.count,
        root=tree.root(),
        previous_digest=bytes(last.digest) if last else NO_DIGEST,
        sealed_at=clock.now(),
        key_id=key_id(public_of(seed)) if seed else "",
    )
    seal.header = header_of(seal)
    seal.digest = header_digest(seal.header)
    seal.signature = sign(seed, seal.header) if seed else b""
    seal.save(force_insert=True)
    return seal


def header_of(seal: Seal) -> str:
    """The frozen text of a seal, from its columns."""
    return freeze(
        [
            "1",
            str(seal.number),
            str(seal.epoch),
            str(seal.low),
            str(seal.high),
            str(seal.event_count),
            bytes(seal.root).hex(),
            bytes(seal.previous_digest).hex(),
            seal.sealed_at.isoformat(timespec="microseconds"),
            seal.key_id,
        ]
    )


def _anchor(seal: Seal) -> None:
    """Tell the anchor store, after the commit, what it must never forget."""
    if settings.AUDIT_ANCHOR_FILE:
        with Path(settings.AUDIT_ANCHOR_FILE).open("a") as file:
            file.write(f"{seal.number} {bytes(seal.digest).hex()}\n")


def start_epoch(*, reason: str, now: datetime, using: str = "owner") -> Epoch:
    """Begin a new count of transaction ids, after a restore into another cluster. Run as the owner."""
    with transaction.atomic(using=using):
        number = Epoch.objects.using(using).aggregate(number=Max("number"))["number"] + 1
        return Epoch.objects.using(using).create(number=number, started_at=now, reason=reason)
