"""Recording events."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction

from hms_ach import clock
from hms_ach.audit.plain import plain
from hms_ach.ids import new_id

if TYPE_CHECKING:
    from hms_ach.access.models import Facility

# One round trip: the next sequence number, the event, and what is owed to each endpoint that wants it.
_RECORD = """
    WITH numbered AS (
        INSERT INTO outbox_sequence AS counter (subject, last_number) VALUES (%(subject)s, 1)
        ON CONFLICT (subject) DO UPDATE SET last_number = counter.last_number + 1
        RETURNING last_number
    ), event AS (
        INSERT INTO outbox_event (public_id, type, subject, sequence, facility_id, data, occurred_at)
        SELECT %(public_id)s, %(type)s, %(subject)s, last_number, %(facility)s, %(data)s::jsonb, %(at)s
        FROM numbered RETURNING id, sequence
    ), owed AS (
        INSERT INTO outbox_delivery (event_id, endpoint_id, subject, sequence, state, tries, next_try_at)
        SELECT event.id, endpoint.id, %(subject)s, event.sequence, 'PENDING', 0, %(at)s
        FROM event, outbox_endpoint AS endpoint
        WHERE endpoint.state <> 'DISABLED'
          AND (endpoint.event_types = '[]' OR endpoint.event_types ? %(type)s)
          AND (%(facility)s::bigint IS NULL OR EXISTS (
                SELECT FROM outbox_endpoint_facilities AS granted
                WHERE granted.endpoint_id = endpoint.id AND granted.facility_id = %(facility)s))
        RETURNING id
    )
    SELECT (SELECT sequence FROM event), (SELECT count(*) FROM owed)
"""


def record(type: str, *, subject: str, facility: "Facility | None", data: Mapping[str, Any]) -> int:
    """Record an event in the caller's transaction, and what is owed to whom; its sequence number.

    type      noun and past participle, such as "invoice.issued"; docs/events.md lists them
    subject   the public id of the document; its events are numbered and delivered in order
    facility  whose event it is; only endpoints of that facility get it. None for the network's own
    data      ids and amounts; never a name, a contact or an account number

    After the commit a worker is woken. If that is lost, the timed sweep finds what is owed.
    """
    values = {
        "public_id": new_id("evt"),
        "type": type,
        "subject": subject,
        "facility": facility.pk if facility else None,
        "data": json.dumps(plain(data), ensure_ascii=False),
        "at": clock.now(),
    }
    with connection.cursor() as cursor:
        cursor.execute(_RECORD, values)
        sequence, owed = cursor.fetchone()
    if owed:
        transaction.on_commit(_wake, robust=True)
    return sequence


def _wake() -> None:
    from hms_ach.outbox.tasks import sweep

    sweep.delay()
