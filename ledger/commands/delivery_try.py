"""Sending what is owed to the general ledger: whole or not at all, again later, given up in the end."""

import hashlib
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection, transaction

from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from ledger.commands.delivery_profile import opened
from ledger.commands.gl_batch_step import export_gl_batch, state_of
from ledger.gateways.destination import Destination
from ledger.gateways.destination_error import DestinationFailed, PlacingBroke, PlacingUnknown
from ledger.models import GlBatchDelivery, GlBatchDeliveryTry
from ledger.queries.gl_batch import file_bytes
from ledger.rules.batch_life import DELIVERABLE
from ledger.rules.delivery import TRIES, wait_after

State = GlBatchDelivery.State

# A claimed delivery whose worker dies is due again after this long.
LEASE = timedelta(minutes=15)

_CLAIM = """
    UPDATE ledger_glbatchdelivery SET tries = tries + 1, next_try_at = %(lease)s
    WHERE id = (
        SELECT id FROM ledger_glbatchdelivery
        WHERE id = %(id)s AND state IN ('QUEUED', 'FAILED') AND next_try_at <= %(now)s
        FOR UPDATE SKIP LOCKED)
    RETURNING id
"""


def deliver(*, delivery_id: int) -> GlBatchDelivery | None:
    """Try one delivery now; None when it is not due, done, or held by another worker.

    Claim, sending and outcome are transactions of their own, so that none waits for the network. Before
    the file gets its name a row says so: a worker that dies then, or a connection that breaks, leaves a file
    that the next try looks for; found nowhere, it is given up with that reason rather than sent again.
    """
    if not _claimed(delivery_id):
        return None
    began_at = clock.now()
    related = ["batch__facility", "batch__legal_entity", "profile", "file", "asked_by"]
    delivery = GlBatchDelivery.objects.select_related(*related).get(pk=delivery_id)
    if why := _dropped_because(delivery):
        return _finish(delivery, State.DROPPED, began_at, problem=why)
    if delivery.tries > TRIES:
        return _finish(delivery, State.GIVEN_UP, began_at, problem="whoever tried it never came to an end")
    try:
        destination = opened(delivery.profile)
        try:
            _put(destination, delivery)
        finally:
            destination.close()
    except PlacingUnknown as unknown:
        return _finish(delivery, State.GIVEN_UP, began_at, problem=str(unknown))
    except PlacingBroke as broke:
        return _failed(delivery, began_at, str(broke), is_placed=None)
    except DestinationFailed as failed:
        return _failed(delivery, began_at, str(failed), is_placed=False)
    return _finish(delivery, State.SENT, began_at)


def _claimed(delivery_id: int) -> bool:
    now = clock.now()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"id": delivery_id, "now": now, "lease": now + LEASE})
        return cursor.fetchone() is not None


def _dropped_because(delivery: GlBatchDelivery) -> str:
    if delivery.profile.retired_at:
        return f"{delivery.profile} was retired"
    state = state_of(delivery.batch)
    return "" if state in DELIVERABLE else f"the batch is {state.lower()}"


def _put(destination: Destination, delivery: GlBatchDelivery) -> None:
    """Bring the file there whole. What stands there already with the same bytes has arrived."""
    name = delivery.remote_name
    standing = destination.standing(name)
    if standing == delivery.sha256:
        return
    if standing:
        raise DestinationFailed("another file of that name stands there; nothing was overwritten")
    if delivery.placing_at and not destination.is_uploaded(name):
        raise PlacingUnknown(
            "a try broke as the file was put in place, and it does not stand there now: it may have been "
            "taken. Look in the general ledger, then send it again with a reason"
        )
    destination.upload(name, _checked_bytes(delivery), size=delivery.size)
    GlBatchDelivery.objects.filter(pk=delivery.pk).update(placing_at=clock.now())
    destination.place(name)


def _checked_bytes(delivery: GlBatchDelivery) -> Iterator[bytes]:
    """The kept bytes. Raises DestinationFailed at their end when they are not those that were queued."""
    digest = hashlib.sha256()
    for piece in file_bytes(delivery.file):
        digest.update(piece)
        yield piece
    if digest.hexdigest() != delivery.sha256:
        raise DestinationFailed("the kept bytes are not those that were queued; tell the administrator")


def _failed(
    delivery: GlBatchDelivery, began_at: datetime, problem: str, *, is_placed: bool | None
) -> GlBatchDelivery:
    """Try it again later, or give it up after the last try.

    is_placed  None when the file may stand there already, which the next try looks for
    """
    wait = wait_after(delivery.tries)
    if wait is None:
        return _finish(delivery, State.GIVEN_UP, began_at, problem=problem)
    with transaction.atomic():
        _log(delivery, began_at, problem)
        delivery.refresh_from_db(fields=["placing_at"])
        if is_placed is False and delivery.placing_at and delivery.placing_at >= began_at:
            delivery.placing_at = None
        delivery.state, delivery.problem = State.FAILED, problem[:300]
        delivery.next_try_at = clock.now() + wait
        delivery.save(update_fields=["state", "problem", "placing_at", "next_try_at"])
    return delivery


@transaction.atomic
def _finish(delivery: GlBatchDelivery, state: str, began_at: datetime, problem: str = "") -> GlBatchDelivery:
    """Keep what the last try came to."""
    _log(delivery, began_at, problem)
    return end_delivery(delivery, state, actor=delivery.asked_by, problem=problem)


def end_delivery(
    delivery: GlBatchDelivery, state: str, *, actor: User | None, problem: str
) -> GlBatchDelivery:
    """Keep the outcome, within the caller's transaction.

    Emits `gl_batch.delivered` or `gl_batch.not_delivered`.
    """
    delivery.state, delivery.problem, delivery.finished_at = state, problem[:300], clock.now()
    delivery.save(update_fields=["state", "problem", "finished_at"])
    batch, is_sent = delivery.batch, state == State.SENT
    if is_sent:
        export_gl_batch(batch=batch, layout=delivery.file.layout, actor=actor, via=str(delivery.profile))
    audit.record(
        "ledger.deliver",
        actor=actor,
        subject=batch,
        facility=batch.facility,
        reason=problem,
        after={"to": delivery.destination, "name": delivery.remote_name, "state": state},
    )
    told = {
        "gl_batch": batch.public_id,
        "delivery": delivery.public_id,
        "destination": delivery.destination,
        "name": delivery.remote_name,
        "sha256": delivery.sha256,
        "state": str(state),
    }
    if is_sent:
        outbox.record("gl_batch.delivered", subject=batch.public_id, facility=batch.facility, data=told)
    else:
        outbox.record("gl_batch.not_delivered", subject=batch.public_id, facility=batch.facility, data=told)
    return delivery


def _log(delivery: GlBatchDelivery, began_at: datetime, problem: str) -> None:
    GlBatchDeliveryTry.objects.create(
        delivery=delivery,
        number=delivery.tries,
        began_at=began_at,
        ended_at=clock.now(),
        problem=problem[:300],
    )
