"""Tables and their constraints."""

from hms_ach.outbox.models.delivery import Attempt, Delivery
from hms_ach.outbox.models.endpoint import Endpoint
from hms_ach.outbox.models.event import Event, Sequence

__all__ = ["Attempt", "Delivery", "Endpoint", "Event", "Sequence"]
