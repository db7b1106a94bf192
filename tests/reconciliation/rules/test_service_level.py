"""When a discrepancy must be closed, and what is overdue."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reconciliation.rules.service_level import LEVEL_HOURS, due_at, overdue_before

ZONE = "America/Chicago"
FIRST = datetime(2026, 1, 1, tzinfo=UTC)
MOMENTS = st.integers(0, 730 * 1440).map(lambda minutes: FIRST + timedelta(minutes=minutes))


def test_hours_run_on_banking_days_only():
    friday = datetime(2026, 3, 13, 15, 0, tzinfo=UTC)

    due = due_at(friday, kind="DUPLICATE", timezone=ZONE)

    assert due == datetime(2026, 3, 16, 15, 0, tzinfo=UTC)


def test_what_opens_at_the_weekend_counts_from_monday():
    saturday = datetime(2026, 3, 14, 15, 0, tzinfo=UTC)

    due = due_at(saturday, kind="STATEMENT_MISSING", timezone=ZONE)

    assert due.isoformat() == "2026-03-16T08:00:00-05:00"


@given(now=MOMENTS, kind=st.sampled_from(sorted(LEVEL_HOURS)), apart=st.integers(1, 3000))
def test_overdue_is_what_was_due_before_now(now, kind, apart):
    before = overdue_before(now, kind=kind, timezone="UTC")

    assert due_at(before - timedelta(minutes=apart), kind=kind, timezone="UTC") <= now
    assert due_at(before + timedelta(minutes=apart), kind=kind, timezone="UTC") >= now
