"""Events told to other systems: recorded with the change, delivered by signed webhooks.

from hms_ach import outbox
outbox.record("invoice.issued", subject=invoice.public_id, facility=invoice.facility, data={…})
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hms_ach.outbox.commands import record

__all__ = ["record"]


def __getattr__(name: str) -> Any:
    """Import the command at its first use, so that tables may load before."""
    if name not in __all__:
        raise AttributeError(f"hms_ach.outbox has no {name}")
    from hms_ach.outbox import commands

    return getattr(commands, name)
