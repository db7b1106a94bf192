"""Billed and collected, each from two places, and the documents on which they disagree."""

from datetime import timedelta

from django.http import HttpResponse

from cashiering.queries.cross_check import MOST, cross_totals, orphans
from hms_ach import clock
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.web import Request, asked_day, asked_days, page, screen

_DAYS = timedelta(days=30)


@screen("cashiering.view_cash_watch")
def cross_check(request: Request) -> HttpResponse:
    """From a day to a day; the last thirty at first."""
    today = clock.now().date()
    until = asked_day(request, "until") or today
    since, until = asked_days(request, since=until - _DAYS, until=until)
    facility_ids = facility_ids_of(request.user)
    codes = {one.pk: one.code for one in facilities_of(request.user)}
    found = orphans(facility_ids, since, until)
    context = {
        "since": since,
        "until": until,
        "totals": cross_totals(facility_ids, since, until),
        "orphans": [(codes[one.facility_id], one) for one in found],
        "cut": f"The first {MOST}; shorten the days to see the rest" if len(found) == MOST else "",
        "as_of": clock.now(),
    }
    return page(
        request,
        full="cashiering/cross_check/page.html",
        fragment="cashiering/cross_check/_tables.html",
        context=context,
    )
