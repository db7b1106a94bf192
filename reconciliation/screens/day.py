"""The day's board, and closing the day."""

from datetime import date, timedelta

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import redirect

from hms_ach import clock
from hms_ach.access.models import Facility
from hms_ach.access.queries import facilities_of
from hms_ach.refusal import Refusal
from hms_ach.web import Request, asked_day, asked_one_of, asked_page, page, screen
from hms_ach.web.asked import is_in_our_time
from hms_ach.web.names import name_of, names_of
from ledger.queries import control_totals, days_in_closed_periods, is_in_a_period, role_name
from reconciliation.commands import close_day
from reconciliation.queries import (
    SHOWN_DAYS,
    TILES,
    closed_days,
    day_board,
    day_corrections,
    is_day_locked,
    measured_precision,
    rows_of_tile,
    tiles_of,
)
from reconciliation.screens.sample import MEASURED_DAYS, measured_since

# How many facilities the board of one day shows at once: each costs a few queries.
FACILITIES = 12


@screen("reconciliation.view_day")
def day_list(request: Request) -> HttpResponse:
    """One business day of every facility as tiles, and which days are closed, the newest first."""
    facilities = facilities_of(request.user)
    days = {each.pk: _running(each) for each in facilities}
    newest = max(days.values(), default=clock.now().date())
    dates = [newest - timedelta(days=n) for n in range(SHOWN_DAYS)]
    day = asked_day(request, "day") or newest - timedelta(days=1)
    closed = closed_days([each.pk for each in facilities], dates[-1])
    locked = days_in_closed_periods(
        legal_entity_ids={each.legal_entity_id for each in facilities}, days=[*dates, day]
    )
    rows = [
        (
            each_day,
            [
                (
                    each,
                    closed.get((each.pk, each_day)),
                    (each.legal_entity_id, each_day) in locked,
                    each_day < days[each.pk],
                )
                for each in facilities
            ],
        )
        for each_day in dates
    ]
    shown = Paginator(facilities, FACILITIES).get_page(asked_page(request))
    boards = [day_board(facility=each, business_on=day) for each in shown]
    context = {
        "facilities": facilities,
        "rows": rows,
        "day": day,
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "page": shown,
        "tiles": [label for label, _places in TILES.values()],
        "boards": [
            (
                board,
                tiles_of(board),
                (board.facility.legal_entity_id, day) in locked,
                day < days[board.facility.pk],
            )
            for board in boards
        ],
        "measured": measured_precision([each.pk for each in facilities], since=measured_since()),
        "days": MEASURED_DAYS,
    }
    return page(request, full="reconciliation/day/list.html", context=context)


@screen("reconciliation.view_day")
def day_detail(request: Request, facility: str, business_on: str) -> HttpResponse:
    """What is done and what is not; one tile's rows."""
    own, day = _asked(request, facility, business_on)
    board = day_board(facility=own, business_on=day)
    tiles = tiles_of(board)
    first_open = next((each.key for each in tiles if each.is_known and not each.is_done), "sessions")
    key = asked_one_of(request, "tile", TILES) or first_open
    rows = rows_of_tile(key, facility=own, business_on=day)
    running = _running(own)
    names = names_of(row.subject for row in rows if row.subject)
    context = {
        "board": board,
        "tiles": tiles,
        "tile": next(each for each in tiles if each.key == key),
        "rows": [(row, names.get(row.subject)) for row in rows],
        "before": day - timedelta(days=1),
        "after": day + timedelta(days=1),
        "is_over": day < running,
        "has_begun": day <= running,
        "is_in_book": is_in_a_period(legal_entity=own.legal_entity, on=day),
        "is_locked": board.closed is not None and is_day_locked(own, day),
        "corrections": day_corrections([own.pk]).filter(match__effective_on=day) if board.closed else [],
        "can_close": request.user.has_perm("reconciliation.close_day"),
        "sees_book": request.user.has_perm("ledger.view_account"),
    }
    return page(request, full="reconciliation/day/detail.html", context=context)


@screen("ledger.view_account")
def day_totals(request: Request, facility: str, business_on: str) -> HttpResponse:
    """Every sub-ledger of the facility's legal entity beside its control accounts, to the cent."""
    own, day = _asked(request, facility, business_on)
    totals = control_totals(legal_entity=own.legal_entity, on=day)
    context = {
        "facility": own,
        "day": day,
        "totals": [(each, role_name(each.role)) for each in totals],
        "all_tie": all(each.ties for each in totals),
    }
    return page(
        request,
        full="reconciliation/day/totals.html",
        fragment="reconciliation/day/_totals.html",
        context=context,
    )


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


def _running(facility: Facility) -> date:
    return clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)


def _asked(request: Request, code: str, text: str) -> tuple[Facility, date]:
    own = next((each for each in facilities_of(request.user) if each.code == code), None)
    day = clock.day_of(text)
    if own is None or day is None or not is_in_our_time(day):
        raise Http404
    return own, day
