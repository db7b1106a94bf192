"""The hours of the demo: things happen when they would, and never in the future."""

from contextlib import AbstractContextManager
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from hms_ach import clock
from hms_ach.demo.network import Place


def moment(place: Place, day: date, hour: int, minute: int = 0) -> datetime:
    """A local time of the facility on that day."""
    return datetime.combine(day, time(hour, minute), ZoneInfo(place.site.timezone))


def not_after_now(planned: datetime) -> AbstractContextManager:
    """The clock at a planned moment, or at the present one when that is earlier."""
    return clock.at(min(planned, clock.now()))
