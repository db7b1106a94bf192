"""Questions: events, endpoints, what is owed.

event_as_sent         an event's envelope
events_of_facilities  the events a client may see
due_deliveries        what to try now
endpoints_within      the endpoints of somebody's facilities (endpoints_with_counts: and what waits)
deliveries_of         an endpoint's log; attempts_of: the tries of one delivery
"""

from hms_ach.outbox.queries.delivery import due_deliveries
from hms_ach.outbox.queries.endpoint import (
    attempts_of,
    deliveries_of,
    endpoints_with_counts,
    endpoints_within,
)
from hms_ach.outbox.queries.event import event_as_sent, events_of_facilities

__all__ = [
    "attempts_of",
    "deliveries_of",
    "due_deliveries",
    "endpoints_with_counts",
    "endpoints_within",
    "event_as_sent",
    "events_of_facilities",
]
