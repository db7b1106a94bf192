"""Two people, or two senders, at one moment. Each test commits, in a database of its own."""

from datetime import UTC, datetime
from threading import Event

import pytest
from django.db import transaction

from hms_ach import clock
from reconciliation.commands import (
    approve,
    close_day,
    import_statement,
    propose,
    reconcile_account,
    undo_match,
)
from reconciliation.models import Discrepancy, Match, Statement, StatementLine
from tests.cashiering.commands.test_races import together, until_somebody_waits
from tests.make import access
from tests.make import reconciliation as make

pytestmark = pytest.mark.usefixtures("own_database")

LATER = datetime(2026, 3, 13, 15, tzinfo=UTC)


def test_the_same_file_at_once_is_taken_in_once_and_known_to_the_other():
    account = make.bank_account(make.hospital())
    content = make.statement_file(make.line(10_00, "A-1001"), make.line(20_00, "A-1002"))
    actor = access.user()

    def send():
        return import_statement(
            content=content, name="s.xml", actor=actor, facility_ids=[account.facility_id]
        ).is_known

    results = together(*[send] * 3)

    assert sorted(results) == [False, True, True]
    assert (Statement.objects.count(), StatementLine.objects.count()) == (1, 2)


@pytest.fixture
def match(own_database) -> Match:
    """A bag of 500.00 that the bank has credited."""
    with clock.at(LATER):
        account = make.bank_account(make.hospital())
        make.deposit_in_transit(account.facility, 500_00, bag="BAG770077")
        make.statement(account, make.line(500_00, "BAG770077"))
        reconcile_account(account=account)
    return Match.objects.get()


def while_it_is_undone(match: Match, actor, act) -> list:
    """The answers of undoing a match, and of an act that begins before the undoing is committed."""
    is_undone = Event()

    def undo():
        with clock.at(LATER), transaction.atomic():
            undo_match(match_id=match.pk, reason="wrong bag", actor=actor)
            is_undone.set()
            until_somebody_waits()
            return "undone"

    def other():
        is_undone.wait()
        with clock.at(LATER):
            return act()

    return together(undo, other)


def test_a_day_does_not_close_over_a_match_that_is_being_undone(match):
    facility = match.account.facility
    finn = make.approver(facility)

    def close():
        return close_day(facility=facility, business_on=make.DAY, actor=finn)

    assert while_it_is_undone(match, finn, close) == ["undone", "day_not_ready"]


def test_a_match_that_is_being_undone_is_not_taken_back(match):
    facility = match.account.facility
    eve, finn = make.reviewer(facility), make.approver(facility)
    with clock.at(LATER):
        back = make.line(-500_00, "BAG770077")
        make.statement(match.account, back, statement_id="S2", opening=500_00)
        reconcile_account(account=match.account)
        found = Discrepancy.objects.get(kind="RETURNED")
        asked = propose(discrepancy_id=found.pk, action="RETURN", reason="counterfeit", actor=eve)

    def take_back():
        return approve(proposal_id=asked.pk, actor=finn)

    assert while_it_is_undone(match, finn, take_back) == ["undone", "plan_outdated"]
