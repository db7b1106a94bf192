"""What an address asks a list for. A value that means nothing is told, and nothing else is shown for it."""

from collections.abc import Collection
from datetime import date

from django.http import HttpRequest
from django.utils.http import url_has_allowed_host_and_scheme

from hms_ach import clock
from hms_ach.refusal import Refusal

_SHOWN = 12


class AskedDayUnknown(Refusal):
    code = "asked_day_unknown"
    status = 422
    title = "This is no day"
    sentence = "“{value}” is no day between the years 1900 and 2999. Write it as 2026-03-31, or leave it out."


class AskedDaysReversed(Refusal):
    code = "asked_days_reversed"
    status = 422
    title = "The days are the wrong way round"
    sentence = "{since} is after {until}. Choose an earlier first day, or a later last one."


class AskedUnknown(Refusal):
    code = "asked_unknown"
    status = 422
    title = "There is no such choice"
    sentence = "“{value}” is none that {name} may be here: {known}. Choose one of these, or leave it out."


class AskedPageUnknown(Refusal):
    code = "asked_page_unknown"
    status = 422
    title = "This is no page"
    sentence = "“{value}” is no number of a page. Write a whole number from 1 on, or leave it out."


def is_in_our_time(day: date) -> bool:
    """Whether it is no slip of the keyboard, and its neighbours are days too."""
    return 1900 <= day.year <= 2999


def asked_day(request: HttpRequest, name: str) -> date | None:
    """The day asked for; None where none is. Raises AskedDayUnknown."""
    text = request.GET.get(name, "").strip()
    day = clock.day_of(text) if text else None
    if text and (day is None or not is_in_our_time(day)):
        raise AskedDayUnknown(value=text[:40])
    return day


def asked_days(request: HttpRequest, *, since: date, until: date) -> tuple[date, date]:
    """From `since` to `until`, these where one is not asked for.

    Raises AskedDayUnknown, AskedDaysReversed.
    """
    asked_since, asked_until = asked_day(request, "since"), asked_day(request, "until")
    last = asked_until or until
    first = asked_since or min(since, last)
    if first > last:
        raise AskedDaysReversed(since=first, until=last)
    return first, last


def asked_one_of(request: HttpRequest, name: str, known: Collection[str]) -> str:
    """The choice asked for; "" where none is. Raises AskedUnknown."""
    value = request.GET.get(name, "").strip()
    if value and value not in known:
        words = sorted(map(str, known))
        more = f" and {len(words) - _SHOWN} more" if len(words) > _SHOWN else ""
        raise AskedUnknown(value=value[:40], name=name, known=", ".join(words[:_SHOWN]) + more)
    return value


def asked_page(request: HttpRequest) -> int:
    """The number of the page asked for; 1 where none is. Raises AskedPageUnknown.

    Beyond the last page `Paginator.get_page` shows the last: rows may have gone since the address was made.
    """
    text = request.GET.get("page", "").strip()
    number = text.lstrip("0") or text[-1:]
    if text and (not number.isascii() or not number.isdigit() or number == "0"):
        raise AskedPageUnknown(value=text[:40])
    # Nine digits lie beyond every list.
    return int(number[:9]) if text else 1


def asked_back(request: HttpRequest) -> str:
    """The page of ours that the address says the person came from, to lead back to; "" for none."""
    page = request.GET.get("from", "")
    is_ours = page.startswith("/") and url_has_allowed_host_and_scheme(page, allowed_hosts=None)
    return page if is_ours else ""
