"""The day's board, and closing the day."""

from datetime import date, timedelta

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from hms_ach import clock
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, page, screen
from hms_ach.web.names import name_of
from reconciliation.commands import close_day
from reconciliation.queries import SHOWN_DAYS, closed_days, day_board

# Where a check's work is done: the screen, and the permission that opens it.
PLACES = {
    "session": ("cashiering:session-list", "cashiering.view_session"),
    "deposit": ("cashiering:deposit-list", "cashiering.view_deposit"),
    "card_batch": ("cashiering:card-batch-list", "cashiering.view_card_batch"),
    "statements": ("reconciliation:statement-list", "reconciliation.view_statement"),
    "lines": ("reconciliation:discrepancy-list", "reconciliation.view_discrepancy"),
    "discrepancies": ("reconciliation:discrepancy-list", "reconciliation.view_discrepancy"),
    "matches": ("reconciliation:match-list", "reconciliation.view_match"),
}


@screen("reconciliation.view_day")
def day_list(request: Request) -> HttpResponse:
    """Facility by business date: closed or not, the newest first. Two queries."""
    facilities = facilities_of(request.user)
    days = {each.pk: _running(each) for each in facilities}
    newest = max(days.values(), default=clock.now().date())
    dates = [newest - timedelta(days=n) for n in range(SHOWN_DAYS)]
    closed = closed_days([each.pk for each in facilities], dates[-1])
    rows = [
        (day, [(each, closed.get((each.pk, day)), day < days[each.pk]) for each in facilities])
        for day in dates
    ]
    return page(
        request, full="reconciliation/day/list.html", context={"facilities": facilities, "rows": rows}
    )


@screen("reconciliation.view_day")
def day_detail(request: Request, facility: str, business_on: str) -> HttpResponse:
    """What is done and what is not."""
    own, day = _asked(request, facility, business_on)
    board = day_board(facility=own, business_on=day)
    context = {
        "board": board,
        "checks": [(check, _place(request, check.where)) for check in board.checks],
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "is_over": day < _running(own),
        "can_close": request.user.has_perm("reconciliation.close_day"),
    }
    return page(request, full="reconciliation/day/detail.html", context=context)


@screen("reconciliation.close_day", methods=["POST"])
def close(request: Request, facility: str, business_on: str) -> HttpResponse:
    """Close the day and build its GL batch."""
    own, day = _asked(request, facility, business_on)
    try:
        closed = close_day(facility=own, business_on=day, actor=request.user)
        messages.success(
            request, f"{clock.in_words(day)} is closed. {name_of(closed.gl_batch_id)} was built."
        )
    except Refusal as refusal:
        messages.error(request, str(refusal))
    return redirect("reconciliation:day-detail", facility, business_on)


def _place(request: Request, where: str) -> str:
    """The address of the screen where it is done; empty when it is not open to this person."""
    url_name, permission = PLACES.get(where, ("", ""))
    return reverse(url_name) if url_name and request.user.has_perm(permission) else ""


def _running(facility: Facility) -> date:
    return clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)


def _asked(request: Request, code: str, text: str) -> tuple[Facility, date]:
    own = next((each for each in facilities_of(request.user) if each.code == code), None)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise Http404 from None
    if own is None:
        raise Http404
    return own, day
