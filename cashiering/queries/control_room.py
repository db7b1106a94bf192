"""The head cashier's view of the desk: who is open, how full the drawers are, what waits."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Max, Q

from cashiering.models import Payment, Session
from cashiering.queries.expected_cash import held_in_all
from cashiering.queries.session import shift_at
from cashiering.rules.shift import Shift
from hms_ach import clock

STEPS = 10


@dataclass(frozen=True, slots=True)
class OpenDrawer:
    """One session in custody. fullness is in tenths of the drawer's limit, never the amount itself."""

    session: Session
    receipts: int
    receipts_an_hour: float
    last_receipt_at: object
    fullness: int
    is_over_limit: bool
    shift: Shift
    pending: int


def open_drawers(facility_ids: Collection[int]) -> list[OpenDrawer]:
    """Sessions in custody, and drawers left behind, the fullest first.

    Two SQL queries, and those of held_in_all.

    Whoever watches may have to count a drawer later, so that nobody is told what it should hold: only
    how full it is, in tenths of its limit.
    """
    rows = Session.objects.filter(
        facility_id__in=facility_ids, is_rescue=False, state__in=[*Session.IN_CUSTODY, "FORCED"]
    ).annotate(
        offered=Count("transfers_out", filter=Q(transfers_out__state="OFFERED"), distinct=True)
        + Count("transfers_in", filter=Q(transfers_in__state="OFFERED"), distinct=True)
    )
    sessions = list(
        rows.select_related("register", "facility__till_policy", "cashier").order_by("number", "id")
    )
    receipts = Payment.objects.filter(session__in=sessions).values("session_id").order_by("session_id")
    told = receipts.annotate(number=Count("id"), newest=Max("taken_at"))
    counts = {row["session_id"]: (int(row["number"]), row["newest"]) for row in told}
    now, held = clock.now(), held_in_all(sessions)
    found = []
    for session in sessions:
        number, newest = counts.get(session.pk, (0, None))
        hours = max((now - session.opened_at).total_seconds() / 3600, 0.25)
        limit = session.register.drawer_limit_minor
        found.append(
            OpenDrawer(
                session=session,
                receipts=number,
                receipts_an_hour=number / hours,
                last_receipt_at=newest,
                fullness=fullness(held[session.pk], limit),
                is_over_limit=held[session.pk] > limit,
                shift=shift_at(session, now).state,
                pending=session.offered,
            )
        )
    return sorted(found, key=lambda one: (-one.fullness, one.session.number))


def fullness(held_minor: int, limit_minor: int) -> int:
    """Tenths of the limit, rounded down, from 0 to 10; above the limit it stays 10."""
    if limit_minor <= 0:
        return STEPS
    return max(0, min(STEPS, STEPS * held_minor // limit_minor))
