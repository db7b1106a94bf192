"""A request sent twice acts once: the key, the effect and the reply are one transaction.

from hms_ach import idempotency
reply = idempotency.once(client=…, key=…, fingerprint=…, effect=act)
"""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from hms_ach.idempotency.commands import KeyReused, RequestRunning, once

__all__ = ["KeyReused", "Reply", "RequestRunning", "once"]


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as it goes over the wire; a repeated request gets the same bytes."""

    status: int
    body: bytes
    media_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)


def __getattr__(name: str) -> Any:
    """Import the command at its first use, so that tables may load before."""
    if name not in __all__:
        raise AttributeError(f"hms_ach.idempotency has no {name}")
    from hms_ach.idempotency import commands

    return getattr(commands, name)
