"""Questions about the trail.

search       events by who, what, where and when, a page at a time
history_of   everything that happened to one subject
actors_of    who did anything to some subjects
event_named  one event, within facilities
differences  the fields that an event changed
last_check   what the newest check of the whole trail found
last_seal    how far the trail is sealed
"""

from hms_ach.audit.queries.event import (
    Difference,
    Search,
    actors_of,
    differences,
    event_named,
    history_of,
    search,
)
from hms_ach.audit.queries.seal import CHECKED, is_sealed, last_check, last_seal, seal_of

__all__ = [
    "CHECKED",
    "Difference",
    "Search",
    "actors_of",
    "differences",
    "event_named",
    "history_of",
    "is_sealed",
    "last_check",
    "last_seal",
    "seal_of",
    "search",
]
