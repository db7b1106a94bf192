"""How serious a drawer's difference is."""

from enum import Enum


class Band(Enum):
    """EXACT and FREE close at once; the others take a recount, a reason and another person."""

    EXACT = "exact"
    FREE = "free"
    SUPERVISOR = "supervisor"
    FINANCE = "finance"


def band_of(difference_minor: int, *, free_minor: int, supervisor_minor: int) -> Band:
    """The band of a difference, over or short alike; limits belong to the lower band."""
    size = abs(difference_minor)
    if size == 0:
        return Band.EXACT
    if size <= free_minor:
        return Band.FREE
    return Band.SUPERVISOR if size <= supervisor_minor else Band.FINANCE
