"""The cash-desk control room."""

from datetime import timedelta

from django.http import HttpResponse

from billing.queries import due_today
from cashiering.queries.cash_signals import CashierQuality, cashier_quality, evidence_of
from cashiering.queries.control_room import open_drawers
from cashiering.queries.transfer import change_waiting, transfers_of
from hms_ach import clock
from hms_ach.access.models import User
from hms_ach.access.queries import facilities_of, facility_ids_of
from hms_ach.money import Money
from hms_ach.web import Request, page, screen

_SPANS = {"30": 30, "60": 60, "90": 90}
_MOST_SHOWN = 100


@screen("cashiering.view_control_room")
def control_room(request: Request) -> HttpResponse:
    """Open drawers, what waits, and how the cashiers of the last weeks stand beside each other."""
    facilities = facilities_of(request.user)
    facility_ids = facility_ids_of(request.user)
    days = _SPANS.get(request.GET.get("days", ""), 30)
    last = max((clock.today(one.timezone) for one in facilities), default=clock.today("UTC"))
    first = last - timedelta(days=days)
    quality = cashier_quality(facility_ids, first, last)
    names = {
        one.pk: one.get_full_name() for one in User.objects.filter(pk__in=[q.cashier_id for q in quality])
    }
    currency = facilities[0].currency if facilities else "USD"
    context = {
        "drawers": open_drawers(facility_ids),
        "transfers": transfers_of(facility_ids).filter(state="OFFERED"),
        "orders": change_waiting(facility_ids),
        "queue": [
            (one, len(due_today(facility_ids=[one.pk], today=clock.today(one.timezone), limit=_MOST_SHOWN)))
            for one in facilities
        ],
        "quality": [_row(one, names, currency) for one in quality],
        "signals": _signals(facility_ids, first, last, quality, names),
        "days": days,
        "spans": _SPANS.values(),
    }
    return page(request, full="cashiering/control_room/page.html", context=context)


def _row(one: CashierQuality, names: dict[int, str], currency: str) -> dict:
    return {
        "of": one,
        "name": names.get(one.cashier_id, ""),
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
