"""A day closes when its own clocks show the cut-off, also where they were changed in its last hours."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from hms_ach import clock
from hms_ach.money import Money
from ledger.commands import Posting, open_period, post_entry
from ledger.models import Posting as Line
from reconciliation.commands import DayNotOver, close_day
from tests.make import ledger
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
ZONE = "America/New_York"


def ends(on: date, cutoff: time) -> datetime:
    """The moment at which the business day ends, the first time that clocks show the cut-off."""
    return datetime.combine(on + timedelta(days=1), cutoff, ZoneInfo(ZONE)).astimezone(ZoneInfo("UTC"))


def posted(facility, key: str) -> date:
    """An entry of this very moment, on the business day that runs."""
    day = clock.business_date(timezone=facility.timezone, cutoff=facility.business_day_cutoff)
    amount = Money(5_00, facility.currency)
    post_entry(
        key=key,
        facility=facility,
        effective_on=day,
        source=("test", key),
        memo=key,
        postings=[Posting("cash.safe", amount), Posting("income.other", -amount)],
    )
    return day


@pytest.mark.parametrize("cutoff", [time(0), time(1, 30), time(4)], ids=str)
@pytest.mark.parametrize(
    "day",
    [date(2026, 3, 11), date(2026, 3, 7), date(2026, 10, 31), date(2026, 11, 1), date(2026, 12, 31)],
    ids=["midnight", "before spring-forward", "before fall-back", "of fall-back", "new-year"],
)
def test_a_day_closes_from_its_cut_off_on_with_all_that_was_posted_before(day, cutoff):
    end = ends(day, cutoff)
    with clock.at(end - MINUTE):
        facility = ledger.book(day=day)
        type(facility).objects.filter(pk=facility.pk).update(timezone=ZONE, business_day_cutoff=cutoff)
        facility.refresh_from_db()
        if (day + timedelta(days=1)).month != day.month:
            open_period(legal_entity=facility.legal_entity, starts_on=day + timedelta(days=1), actor=None)
        finn = make.approver(facility)
        before = posted(facility, "before")
        with pytest.raises(DayNotOver):
            close_day(facility=facility, business_on=day, actor=finn)

    with clock.at(end):
        after = posted(facility, "after")
        closed = close_day(facility=facility, business_on=day, actor=finn)
        with pytest.raises(DayNotOver):
            close_day(facility=facility, business_on=day + timedelta(days=1), actor=finn)

    assert (before, after) == (day, day + timedelta(days=1))
    in_batch = Line.objects.filter(entry__gl_batch_entries__batch__public_id=closed.gl_batch_id)
    assert set(in_batch.values_list("entry__key", flat=True)) == {"before"}
