"""Closing a day."""

from datetime import UTC, date, datetime, timedelta

import pytest

from hms_ach import clock
from reconciliation.commands import (
    DayClosedAlready,
    DayNotOver,
    DayNotReady,
    DayOutsidePeriods,
    MatchInClosedDay,
    close_day,
    reconcile_account,
    undo_match,
)
from reconciliation.models import DayClose, Match
from tests.make import reconciliation as make

LATER = datetime(2026, 3, 13, 15, tzinfo=UTC)


@pytest.fixture
def account(db):
    with clock.at(LATER):
        yield make.bank_account(make.hospital())


def _close(account, actor):
    return close_day(facility=account.facility, business_on=make.DAY, actor=actor)


def test_a_day_closes_once_when_everything_is_matched(account):
    finn = make.approver(account.facility)
    deposit = make.deposit_in_transit(account.facility, 1_000_00)
    make.statement(account, make.line(1_000_00, deposit.bag_number))
    reconcile_account(account=account)

    closed = _close(account, finn)

    assert closed.gl_batch_id
    with pytest.raises(DayClosedAlready):
        _close(account, finn)
    with pytest.raises(MatchInClosedDay):
        undo_match(match_id=Match.objects.get().pk, reason="late", actor=finn)


def test_a_day_that_the_book_has_no_period_for_does_not_close(account):
    with pytest.raises(DayOutsidePeriods, match="the book has no period for it"):
        close_day(
            facility=account.facility, business_on=date(1999, 1, 1), actor=make.approver(account.facility)
        )

    assert DayClose.objects.count() == 0


def test_an_unmatched_line_keeps_the_day_open(account):
    make.statement(account, make.line(77_00))
    reconcile_account(account=account)

    with pytest.raises(DayNotReady) as refused:
        _close(account, make.approver(account.facility))

    assert "Bank lines matched 0 of 1" in str(refused.value)
    assert DayClose.objects.count() == 0


def test_a_missing_statement_keeps_the_day_open(account):
    with pytest.raises(DayNotReady, match="Statement of NORTH-OP 0 of 1"):
        _close(account, make.approver(account.facility))


def test_a_statement_that_does_not_join_keeps_the_day_open(account):
    make.statement(account, statement_id="S0", on=make.DAY - timedelta(days=1))
    make.statement(account, opening=5_00)
    reconcile_account(account=account)

    with pytest.raises(DayNotReady, match="Discrepancies approved 0 of 1"):
        _close(account, make.approver(account.facility))


def test_a_running_day_does_not_close(account):
    with clock.at(datetime(2026, 3, 12, 15, tzinfo=UTC)), pytest.raises(DayNotOver):
        _close(account, make.approver(account.facility))
