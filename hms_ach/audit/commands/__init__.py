"""Changes: record an event, sign a history, seal what is finished, start an epoch after a restore."""

from hms_ach.audit.commands.event import record
from hms_ach.audit.commands.history import attribute
from hms_ach.audit.commands.seal import seal_all, seal_next, start_epoch

__all__ = ["attribute", "record", "seal_all", "seal_next", "start_epoch"]
