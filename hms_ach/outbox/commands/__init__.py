"""Changes: record an event, manage endpoints, deliver, replay."""

from hms_ach.outbox.commands.delivery import deliver, replay_events
from hms_ach.outbox.commands.endpoint import (
    EndpointWithoutFacility,
    EventTypeUnknown,
    SecretShownOnce,
    create_endpoint,
    pause_endpoint,
    remove_endpoint,
    resume_endpoint,
    rotate_secret,
)
from hms_ach.outbox.commands.event import record

__all__ = [
    "EndpointWithoutFacility",
    "EventTypeUnknown",
    "SecretShownOnce",
    "create_endpoint",
    "deliver",
    "pause_endpoint",
    "record",
    "remove_endpoint",
    "replay_events",
    "resume_endpoint",
    "rotate_secret",
]
