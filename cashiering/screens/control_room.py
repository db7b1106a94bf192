"""The cash-desk control room."""

from datetime import date, timedelta

from django.http import HttpResponse
from django.shortcuts import get_object_or_404

from billing.queries import due_today
from cashiering.models import Session
from cashiering.queries.cash_signals import CashierQuality, cashier_quality, evidence_of
from cashiering.queries.cashier_record import MOST_SHOWN, cashier_record
from cashiering.queries.control_room import open_drawers
from cashiering.queries.transfer import change_waiting, transfers_of
from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.money import Money
from hms_ach.web import Request, asked_one_of, page, screen

_SPANS = {"30": 30, "60": 60, "90": 90}
_MOST_SHOWN = 100


@screen("cashiering.view_control_room")
def control_room(request: Request) -> HttpResponse:
    """Open drawers, what waits, and how the cashiers of the last weeks stand beside each other."""
    facilities = facilities_of(request.user)
    facility_ids = facility_ids_of(request.user)
    days, first, last = _span(request)
    quality = cashier_quality(facility_ids, first, last)
    people = {one.pk: one for one in User.objects.filter(pk__in=[q.cashier_id for q in quality])}
    names = {pk: one.get_full_name() for pk, one in people.items()}
    currency = facilities[0].currency if facilities else "USD"
    context = {
        "drawers": open_drawers(facility_ids),
        "transfers": transfers_of(facility_ids).filter(state="OFFERED"),
        "orders": change_waiting(facility_ids),
        "queue": [
            (one, len(due_today(facility_ids=[one.pk], today=clock.today(one.timezone), limit=_MOST_SHOWN)))
            for one in facilities
        ],
        "quality": [_row(one, people[one.cashier_id], currency) for one in quality],
        "signals": _signals(facility_ids, first, last, quality, names),
        "days": days,
        "spans": _SPANS.values(),
    }
    return page(request, full="cashiering/control_room/page.html", context=context)


def _span(request: Request) -> tuple[int, date, date]:
    """How many days are looked at, and the first and the last of them."""
    days = _SPANS[asked_one_of(request, "days", _SPANS) or "30"]
    today = [clock.today(one.timezone) for one in facilities_of(request.user)]
    last = max(today, default=clock.today("UTC"))
    return days, last - timedelta(days=days), last


@screen("cashiering.view_control_room")
def cashier_page(request: Request, username: str) -> HttpResponse:
    """The documents behind one cashier's figures."""
    facility_ids = facility_ids_of(request.user)
    days, first, last = _span(request)
    here = Session.objects.filter(facility_id__in=facility_ids).values("cashier_id")
    cashier = get_object_or_404(User, username=username, pk__in=here)
    context = {
        "cashier": cashier,
        "record": cashier_record(facility_ids, first, last, cashier_id=cashier.pk),
        "days": days,
        "spans": _SPANS.values(),
        "most": MOST_SHOWN,
    }
    return page(request, full="cashiering/control_room/cashier.html", context=context)


def _row(one: CashierQuality, cashier: User, currency: str) -> dict:
    return {
        "of": one,
        "cashier": cashier,
        "difference": Money(one.difference_minor, currency),
        "drift": Money(round(one.ewma_minor), currency),
        "pace": "–" if one.seconds_a_receipt is None else f"{one.seconds_a_receipt} s",
        "per_thousand": f"{one.over_shorts_per_thousand:.1f}",
    }


def _signals(facility_ids, first, last, quality: list[CashierQuality], names: dict[int, str]) -> list[dict]:
    """Each signal with the receipts behind it."""
    kinds = [
        ("VOID_AFTER_CASH", "Cash voided, and the patient paid nothing again", "void_after_cash"),
        ("LAPPING", "Cheques entered a day after the visit", "lapping"),
    ]
    shown = {one.cashier_id for one in quality if one.void_after_cash.is_signal or one.lapping.is_signal}
    evidence = evidence_of(facility_ids, first, last, cashiers=shown)
    return [
        {
            "name": names.get(one.cashier_id, ""),
            "kind": kind,
            "title": title,
            "standing": getattr(one, name),
            "own_share": _percent(getattr(one, name)),
            "peer_share": f"{100 * getattr(one, name).peer_share:.1f} %",
            "rows": [row for row in evidence if row.cashier_id == one.cashier_id and row.signal == kind][
                :_MOST_SHOWN
            ],
        }
        for one in quality
        for kind, title, name in kinds
        if getattr(one, name).is_signal
    ]


def _percent(standing) -> str:
    return f"{100 * standing.tally.events / max(standing.tally.chances, 1):.1f} %"
