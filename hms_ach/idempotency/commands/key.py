"""Doing a request once."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import connection, transaction

from hms_ach import clock
from hms_ach.idempotency import Reply
from hms_ach.idempotency.models import Key
from hms_ach.refusal import Refusal
from hms_ach.vault.sealing import seal_bytes, unseal_bytes

KEPT = timedelta(days=90)


class KeyReused(Refusal):
    code = "idempotency_key_reused"
    status = 422
    sentence = "This Idempotency-Key was used for another request. Send a new key with a new request."


class RequestRunning(Refusal):
    code = "idempotency_request_running"
    status = 409
    sentence = "The request with this Idempotency-Key is still running. Send it again in a few seconds."


@transaction.atomic
def once(*, client: str, key: str, fingerprint: str, effect: Callable[[], Reply]) -> Reply:
    """Do the effect and keep its reply, or give the kept reply of the same request.

    client       who asks; keys of two clients never meet
    fingerprint  hash of method, path and canonical body
    effect       runs inside this transaction. When it raises, nothing is kept, and the same key
                 may be sent again.

    Raises KeyReused for another request under the key, RequestRunning while the first one runs.
    """
    _lock(client, key)
    kept = Key.objects.filter(client=client, key=key).first()
    if kept is not None:
        if kept.fingerprint != fingerprint:
            raise KeyReused()
        body = unseal_bytes(bytes(kept.body), place=_place(client, key))
        return Reply(kept.status, body, kept.media_type, kept.headers)
    reply = effect()
    Key.objects.create(
        client=client,
        key=key,
        fingerprint=fingerprint,
        status=reply.status,
        media_type=reply.media_type,
        headers=reply.headers,
        body=seal_bytes(reply.body, place=_place(client, key)),
        created_at=clock.now(),
    )
    return reply


def _place(client: str, key: str) -> tuple[str, ...]:
    """A reply may hold personal data or a secret shown once: it is kept encrypted, bound to its key."""
    return ("idempotency_key", "body", client, key)


def _lock(client: str, key: str) -> None:
    """Hold the key until the transaction ends, or refuse at once.

    The lock is on a 64-bit hash: two keys that share one merely wait for each other. The unique
    constraint, not the lock, is what keeps an effect single.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_try_advisory_xact_lock(hashtextextended(%s, length(%s)))",
            [f"idempotency\n{client}\n{key}", client],
        )
        if not cursor.fetchone()[0]:
            raise RequestRunning()


def prune_keys(*, now: datetime) -> int:
    """Forget the answers older than 90 days; how many. Documents keep their own unique numbers for ever."""
    return Key.objects.filter(created_at__lt=now - KEPT).delete()[0]
