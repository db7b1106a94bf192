"""The only reader of time."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_moment: ContextVar[datetime | None] = ContextVar("hms_ach_clock_moment", default=None)


def now() -> datetime:
    """The present moment, aware, in UTC."""
    return _moment.get() or datetime.now(UTC)


def stopped_at() -> datetime | None:
    """The moment that `at` holds; None while time runs, when the database's own clock may tell it."""
    return _moment.get()


def today(timezone: str) -> date:
    """The calendar day in the named time zone (IANA name)."""
    return now().astimezone(ZoneInfo(timezone)).date()


def business_date(*, timezone: str, cutoff: time, moment: datetime | None = None) -> date:
    """The business day a moment belongs to.

    timezone  IANA name of the facility's zone
    cutoff    local time at which a new business day starts; before it, yesterday's day still runs
    moment    aware; now when omitted

    Where clocks go back over the cut-off, the day starts when they show it first: a day that began never ends
    twice.
    """
    local = (moment or now()).astimezone(ZoneInfo(timezone))
    is_before = local.time() < cutoff and not (local.fold and _is_shown_twice(cutoff, local))
    return local.date() - timedelta(days=1) if is_before else local.date()


def _is_shown_twice(wall: time, day: datetime) -> bool:
    """Whether clocks show this time twice on the day, because they go back over it."""
    shown = datetime.combine(day.date(), wall, day.tzinfo)
    first, second = shown.replace(fold=0).utcoffset(), shown.replace(fold=1).utcoffset()
    assert first is not None
    assert second is not None
    return first > second


def day_of(text: str) -> date | None:
    """The day that an ISO 8601 date names; None for any other text."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def in_words(day: date) -> str:
    """A day as it stands inside a sentence: "Nov 22, 2026"."""
    return f"{day:%b} {day.day}, {day.year}"


def moment_in_words(moment: datetime) -> str:
    """A moment on its own clock: "Nov 22, 2026 14:05 EST"."""
    return f"{in_words(moment.date())} {moment:%H:%M %Z}".strip()


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let `now` answer `moment` (aware) inside the block. For the demo hospital and tests."""
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    token = _moment.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _moment.reset(token)
