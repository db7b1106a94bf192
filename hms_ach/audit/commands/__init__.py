"""Changes: record an event, seal what is finished, start an epoch after a restore."""

from hms_ach.audit.commands.event import record
from hms_ach.audit.commands.seal import seal_all, seal_next, start_epoch

__all__ = ["record", "seal_all", "seal_next", "start_epoch"]
