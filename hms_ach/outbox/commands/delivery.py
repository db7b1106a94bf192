"""Sending what is owed, and sending again on request."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction

from hms_ach import audit, clock
from hms_ach.outbox.gateways.http import Answer, post
from hms_ach.outbox.models import Attempt, Delivery, Endpoint
from hms_ach.outbox.queries.event import event_as_sent
from hms_ach.outbox.rules.address import AddressRefused, checked
from hms_ach.outbox.rules.envelope import as_bytes, signed_headers
from hms_ach.outbox.rules.retries import TRIES, wait_after

if TYPE_CHECKING:
    from hms_ach.access.models import User

# A claimed delivery whose worker dies is due again after this long.
LEASE = timedelta(minutes=2)

# Claims one delivery unless it is not due, held by another worker, or an earlier event of the same
# subject is still owed to the same endpoint.
_CLAIM = """
    UPDATE outbox_delivery SET tries = tries + 1, next_try_at = %(lease)s
    WHERE id = (
        SELECT delivery.id FROM outbox_delivery AS delivery
        JOIN outbox_endpoint AS endpoint ON endpoint.id = delivery.endpoint_id
        WHERE delivery.id = %(id)s AND delivery.state = 'PENDING' AND delivery.next_try_at <= %(now)s
          AND endpoint.state = 'ACTIVE'
          AND NOT EXISTS (
                SELECT FROM outbox_delivery AS earlier
                WHERE earlier.endpoint_id = delivery.endpoint_id AND earlier.subject = delivery.subject
                  AND earlier.sequence < delivery.sequence AND earlier.state = 'PENDING')
        FOR UPDATE OF delivery SKIP LOCKED)
    RETURNING id
"""


def deliver(*, delivery_id: int) -> int | None:
    """Try one delivery now; the id of the next one of the same subject when this one is done.

    Claim, send and outcome are three steps, so that no transaction waits for the network. A worker
    that dies between them leaves a delivery that is due again in two minutes: receivers may get
    an event twice (the same webhook-id), never not at all.
    """
    if not _claimed(delivery_id, clock.now()):
        return None
    delivery = Delivery.objects.select_related("endpoint", "event__facility").get(pk=delivery_id)
    return _finish(delivery.pk, _send(delivery))


def _claimed(delivery_id: int, now: datetime) -> bool:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"id": delivery_id, "now": now, "lease": now + LEASE})
        return cursor.fetchone() is not None


def _send(delivery: Delivery) -> Answer:
    """One try, with the address checked anew."""
    endpoint, now = delivery.endpoint, clock.now()
    secrets = [endpoint.secret]
    if endpoint.previous_secret and endpoint.previous_secret_until and endpoint.previous_secret_until > now:
        secrets.append(endpoint.previous_secret)
    content = as_bytes(event_as_sent(delivery.event))
    headers = signed_headers(public_id=delivery.event.public_id, moment=now, content=content, secrets=secrets)
    try:
        target = checked(endpoint.url, allow_loopback=settings.WEBHOOK_ALLOW_LOOPBACK)
    except AddressRefused as refused:
        return Answer(None, str(refused)[:200], 0)
    return post(target, content=content, headers=headers, authorities=settings.WEBHOOK_CA_FILE)


@transaction.atomic
def _finish(delivery_id: int, answer: Answer) -> int | None:
    """Keep the outcome: delivered, later again, or given up and the endpoint disabled."""
    delivery = Delivery.objects.select_for_update().get(pk=delivery_id)
    now = clock.now()
    Attempt.objects.create(
        delivery=delivery,
        at=now,
        status=answer.status,
        problem=answer.problem[:200],
        duration_ms=answer.duration_ms,
    )
    wait = wait_after(delivery.tries)
    if answer.is_accepted:
        delivery.state, delivery.finished_at = Delivery.State.DELIVERED, now
    elif wait is not None:
        delivery.next_try_at = now + wait
    else:
        delivery.state, delivery.finished_at = Delivery.State.DEAD, now
        _disable(delivery.endpoint_id, answer.problem)
    delivery.save(update_fields=["state", "finished_at", "next_try_at"])
    if delivery.state == Delivery.State.PENDING:
        return None
    waiting = Delivery.objects.filter(
        endpoint_id=delivery.endpoint_id, subject=delivery.subject, state=Delivery.State.PENDING
    )
    return waiting.order_by("sequence", "id").values_list("pk", flat=True).first()


def _disable(endpoint_id: int, problem: str) -> None:
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint_id)
    if endpoint.state == Endpoint.State.DISABLED:
        return
    endpoint.state = Endpoint.State.DISABLED
    endpoint.disabled_reason = f"{TRIES} tries failed; the last: {problem}"[:200]
    endpoint.save(update_fields=["state", "disabled_reason"])
    audit.record("outbox.disable_endpoint", actor=None, subject=endpoint, reason=endpoint.disabled_reason)


_REPLAY = """
    INSERT INTO outbox_delivery AS delivery
        (event_id, endpoint_id, subject, sequence, state, tries, next_try_at)
    SELECT event.id, %(endpoint)s, event.subject, event.sequence, 'PENDING', 0, %(now)s
    FROM outbox_event AS event
    WHERE event.occurred_at >= %(since)s AND event.occurred_at <= %(until)s
      AND (%(event)s::bigint IS NULL OR event.id = %(event)s)
      AND (event.facility_id IS NULL OR EXISTS (
            SELECT FROM outbox_endpoint_facilities AS granted
            WHERE granted.endpoint_id = %(endpoint)s AND granted.facility_id = event.facility_id))
    ON CONFLICT (endpoint_id, event_id) DO UPDATE
        SET state = 'PENDING', tries = 0, next_try_at = %(now)s, finished_at = NULL
"""


@transaction.atomic
def replay_events(
    *, endpoint_id: int, since: datetime, until: datetime, actor: "User", event_id: int | None = None
) -> int:
    """Owe an endpoint the events of its facilities between two moments again; how many.

    event_id  this one only

    Receivers know a repeated event by its webhook-id. Also what was given up is sent again.
    """
    endpoint = Endpoint.objects.select_for_update().get(pk=endpoint_id)
    values: dict[str, Any] = {
        "endpoint": endpoint.pk,
        "since": since,
        "until": until,
        "event": event_id,
        "now": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_REPLAY, values)
        count = cursor.rowcount
    audit.record(
        "outbox.replay_events",
        actor=actor,
        subject=endpoint,
        after={"since": since, "until": until, "event_id": event_id, "count": count},
    )
    return count
