"""Tables and their constraints."""

from hms_ach.idempotency.models.key import Key

__all__ = ["Key"]
