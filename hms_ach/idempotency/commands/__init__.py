"""Changes: do once, forget what is old."""

from hms_ach.idempotency.commands.key import KeyReused, RequestRunning, once, prune_keys

__all__ = ["KeyReused", "RequestRunning", "once", "prune_keys"]
