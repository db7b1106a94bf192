"""The days of a book: where they begin, and which lie in a span."""

from datetime import date, timedelta

# Before any entry that a book of ours may hold: filters take no earlier day.
BEGINNING = date(1900, 1, 1)

# What lists of entries show where no first day was chosen.
LAST_DAYS = timedelta(days=31)


def is_within(on: date, since: date, until: date | None) -> bool:
    """Whether the day counts to a span; until is the first day after it, None where it has no end."""
    return since <= on and (until is None or on < until)
