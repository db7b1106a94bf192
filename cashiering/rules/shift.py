"""How long a drawer may stay in one pair of hands."""

from datetime import datetime, timedelta
from enum import Enum

# Whoever nears the end of a shift is told so from this share of it on.
NEAR = 0.8


class Shift(Enum):
    """Where a session stands in its shift. OVER takes no new receipts."""

    WITHIN = "WITHIN"
    NEAR = "NEAR"
    OVER = "OVER"


def shift_of(opened_at: datetime, now: datetime, *, hours: int | None) -> Shift:
    """Real hours since the opening, also when the clocks change; WITHIN for ever where there is no limit."""
    if hours is None:
        return Shift.WITHIN
    spent, whole = now - opened_at, timedelta(hours=hours)
    if spent >= whole:
        return Shift.OVER
    return Shift.NEAR if spent >= whole * NEAR else Shift.WITHIN
