"""Tables and their constraints."""

from hms_ach.audit.models.epoch import Epoch
from hms_ach.audit.models.event import Event
from hms_ach.audit.models.seal import Seal

__all__ = ["Epoch", "Event", "Seal"]
