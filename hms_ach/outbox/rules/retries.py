"""When to try again."""

import random
from datetime import timedelta

# After the first try at once: nine waits, ten tries, 75 hours and 35 minutes at the least.
WAITS = [
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
]
TRIES = len(WAITS) + 1


def wait_after(tries: int) -> timedelta | None:
    """How long to wait after so many failed tries: up to a fifth longer by chance; None to give up."""
    if tries >= TRIES:
        return None
    # Chance only spreads the load; it guards nothing.
    return WAITS[tries - 1] * (1 + random.random() / 5)  # noqa: S311
