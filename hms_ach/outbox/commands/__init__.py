"""Changes: record an event, manage endpoints, deliver, replay."""

from hms_ach.outbox.commands.event import record

__all__ = ["record"]
