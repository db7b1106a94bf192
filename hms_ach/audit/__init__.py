"""The audit trail: who did what, when, why, and how it looked before and after.

from hms_ach import audit
audit.record("billing.issue_invoice", actor=user, subject=invoice)
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hms_ach.audit.commands import attribute, record
    from hms_ach.audit.queries import actors_of

__all__ = ["actors_of", "attribute", "record"]


def __getattr__(name: str) -> Any:
    """Import the command or query at its first use, so that tables may load before."""
    if name not in __all__:
        raise AttributeError(f"hms_ach.audit has no {name}")
    from hms_ach.audit import commands, queries

    return getattr(commands, name, None) or getattr(queries, name)
