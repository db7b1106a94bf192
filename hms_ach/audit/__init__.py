"""The audit trail: who did what, when, why, and how it looked before and after.

from hms_ach import audit
audit.record("billing.issue_invoice", actor=user, subject=invoice)
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hms_ach.audit.commands import attribute, record

__all__ = ["attribute", "record"]


def __getattr__(name: str) -> Any:
    """Import the command at its first use, so that tables may load before."""
    if name not in __all__:
        raise AttributeError(f"hms_ach.audit has no {name}")
    from hms_ach.audit import commands

    return getattr(commands, name)
