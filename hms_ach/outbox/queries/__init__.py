"""Questions: events, endpoints, what is owed."""

from hms_ach.outbox.queries.delivery import due_deliveries
from hms_ach.outbox.queries.event import event_as_sent, events_of_facilities

__all__ = ["due_deliveries", "event_as_sent", "events_of_facilities"]
