"""Which days a statement is compared with, and by how much a figure differs."""

from calendar import monthrange
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

HOW = (
    ("", "Nothing"),
    ("previous", "The days before"),
    ("year", "A year earlier"),
    ("days", "Days of my choice"),
)


def days_before(since: date | None, until: date) -> tuple[date | None, date]:
    """As many days, just before; whole months are compared with as many whole months.

    Without a first day: up to and with the last day of the month before.
    """
    if since is None:
        return None, until.replace(day=1) - timedelta(days=1)
    end = since - timedelta(days=1)
    if since.day == 1 and _is_month_end(until):
        months = (until.year - since.year) * 12 + until.month - since.month + 1
        return _months_back(since, months), end
    return since - (until - since) - timedelta(days=1), end


def year_before(since: date | None, until: date) -> tuple[date | None, date]:
    """The same days of the year before. February's last day is compared with February's last day."""
    end = _months_back(until, 12)
    if _is_month_end(until):
        end = end.replace(day=monthrange(end.year, end.month)[1])
    return (None if since is None else _months_back(since, 12)), end


def percent_of(difference_minor: int, before_minor: int) -> Decimal | None:
    """The difference in percent of what was before, to one decimal, half to even.

    None where nothing was before: such a change has no percentage.
    """
    if not before_minor:
        return None
    share = Decimal(difference_minor) * 100 / abs(before_minor)
    return share.quantize(Decimal("0.1"), rounding=ROUND_HALF_EVEN)


def _is_month_end(day: date) -> bool:
    return day.day == monthrange(day.year, day.month)[1]


def _months_back(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
