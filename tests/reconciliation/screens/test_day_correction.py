"""A match of a closed day: final on its page, put right by two supervisors, locked with its period."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from hms_ach import clock
from hms_ach.access.models import User
from ledger.models import Period
from reconciliation.commands import close_day, reconcile_account
from reconciliation.models import DayCorrection, Match, MatchUndo
from reconciliation.queries import waiting
from tests.make import access
from tests.make import reconciliation as make

LATER = datetime(2026, 3, 13, 15, tzinfo=UTC)


@pytest.fixture
def match(db):
    """A deposit of 1,000.00 that the bank credited, in a day that finn closed."""
    with clock.at(LATER):
        account = make.bank_account(make.hospital())
        deposit = make.deposit_in_transit(account.facility, 1_000_00)
        make.statement(account, make.line(1_000_00, deposit.bag_number))
        reconcile_account(account=account)
        close_day(facility=account.facility, business_on=make.DAY, actor=make.approver(account.facility))
        yield Match.objects.get()


@pytest.fixture
def finn(match):
    return access.signed_in(User.objects.get(username="finn"))


@pytest.fixture
def gil(match):
    return access.user("CONTROLLER", facilities=(match.account.facility,), username="gil")


def _page(browser, match) -> str:
    return browser.get(reverse("reconciliation:match-detail", args=[match.public_id])).content.decode()


def _day(browser) -> str:
    address = reverse("reconciliation:day-detail", args=["NORTH", make.DAY.isoformat()])
    return browser.get(address).content.decode()


def _step(browser, match, step, reason=""):
    address = reverse("reconciliation:day-correction", args=[match.public_id])
    return browser.post(address, {"step": step, "reason": reason})


def test_one_supervisor_asks_and_another_approves(match, finn, gil):
    assert "The day is final" in _page(finn, match)
    assert "Final." in _day(finn)
    _step(finn, match, "ask", "Another bag's money")
    assert "Withdraw" in _page(finn, match)
    _step(finn, match, "approve")
    assert not MatchUndo.objects.exists()

    other = access.signed_in(gil)
    asked = next(row for row in waiting(gil, [match.account.facility_id]) if "closed days" in row.title)
    assert asked.count == 1
    assert match.public_id in other.get(asked.url).content.decode()
    assert "Take back and reverse the entry" in _page(other, match)
    _step(other, match, "approve")

    assert MatchUndo.objects.filter(match=match).exists()
    day = _day(other)
    assert "Put right since it was closed" in day
    assert "Another bag&#x27;s money" in day
    assert "A correction of a final day" in _page(other, match)


def test_a_correction_needs_a_reason(match, finn):
    _step(finn, match, "ask", " ")

    assert not DayCorrection.objects.exists()


def test_a_locked_day_offers_nothing(match, finn):
    Period.objects.update(state="HARD")

    page = _page(finn, match)

    assert "The day is locked" in page
    assert "Ask for the correction" not in page
    assert "Locked." in _day(finn)
    _step(finn, match, "ask", "Too late")
    assert not DayCorrection.objects.exists()


def test_who_supervises_nothing_is_refused(match):
    eve = access.signed_in(make.reviewer(match.account.facility))

    assert "Ask for the correction" not in _page(eve, match)
    assert _step(eve, match, "ask", "Please").status_code == 403
