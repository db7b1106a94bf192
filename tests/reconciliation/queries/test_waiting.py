"""What awaits people at the bank."""

from datetime import UTC, datetime, timedelta

from hms_ach import clock
from reconciliation.commands import close_day
from reconciliation.queries import waiting
from tests.make import reconciliation as make

LATER = datetime(2026, 3, 14, 15, tzinfo=UTC)


def test_a_day_waits_to_be_closed_from_its_end_until_it_is_closed(db, django_assert_num_queries):
    with clock.at(LATER):
        account = make.bank_account(make.hospital())
        finn = make.approver(account.facility)
        make.statement(account)

        with django_assert_num_queries(12):
            before = _days(finn, account)
        close_day(facility=account.facility, business_on=make.DAY, actor=finn)
        after = _days(finn, account)

    assert (before.count, before.oldest_on) == (2, make.DAY)
    assert (after.count, after.oldest_on) == (1, make.DAY + timedelta(days=1))


def _days(person, account):
    rows = waiting(person, [account.facility_id])
    return next(row for row in rows if row.title == "Days to close")
