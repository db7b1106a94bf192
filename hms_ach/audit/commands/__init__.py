"""Changes: record an event, seal what is finished."""

from hms_ach.audit.commands.event import record

__all__ = ["record"]
