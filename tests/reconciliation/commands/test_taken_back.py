"""What the bank takes back is paired with what it had brought, and posts the opposite."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from cashiering.models import Deposit
from hms_ach import clock
from hms_ach.outbox.models import Event
from ledger.queries import balance_of
from reconciliation.commands import (
    MatchTakenBack,
    NothingToPropose,
    PlanOutdated,
    approve,
    propose,
    pull_expectations,
    reconcile_account,
    undo_match,
)
from reconciliation.models import Discrepancy, Expectation, Match, StatementLine, TakenBack
from reconciliation.queries import original_of
from tests.make import access
from tests.make import reconciliation as make
from tests.reconciliation.commands.test_clearing import LATER, untied

pytestmark = pytest.mark.django_db

DAY = LATER.date()
BAG = "BAG770077"


@pytest.fixture
def north():
    with clock.at(LATER):
        yield make.hospital()


@pytest.fixture
def account(north):
    return make.bank_account(north)


@pytest.fixture
def people(north):
    return make.reviewer(north), make.approver(north)


@pytest.fixture
def original(north, account) -> Match:
    """A bag of 500.00 that the bank had credited."""
    make.deposit_in_transit(north, 500_00, bag=BAG, on=DAY)
    make.statement(account, make.line(500_00, BAG, on=DAY), on=DAY)
    reconcile_account(account=account)
    return Match.objects.get()


def returned(account, *lines, days: int = 1) -> Discrepancy:
    """The bank takes 500.00 back on a later day; the discrepancy that this opens."""
    on = DAY + timedelta(days=days)
    lines = lines or (make.line(-500_00, BAG, on=on),)
    make.statement(account, *lines, on=on, statement_id=f"R{days}", opening=500_00)
    with clock.at(LATER + timedelta(days=days + 1)):
        reconcile_account(account=account)
    return Discrepancy.objects.order_by("-id").first()


def taken_back(found: Discrepancy, people) -> Match:
    eve, finn = people
    proposal = propose(discrepancy_id=found.pk, action="RETURN", reason="Counterfeit", actor=eve)
    match = approve(proposal_id=proposal.pk, actor=finn).match
    assert match is not None
    return match


def in_transit(north, reference: str) -> int:
    where = {"legal_entity": north.legal_entity, "currency": "USD", "reference": reference}
    return balance_of("deposit.in_transit", **where).minor


def test_a_line_with_the_reference_and_the_opposite_amount_names_the_match_it_takes_back(account, original):
    found = returned(account)

    assert found.kind == "RETURNED"
    assert original_of(found.line).match == original


def test_two_people_post_the_opposite_and_what_came_back_is_awaited_anew(north, account, original, people):
    deposit = Deposit.objects.get()
    assert in_transit(north, deposit.public_id) == 0

    match = taken_back(returned(account), people)

    deposit.refresh_from_db()
    assert (match.takes_back.original, deposit.state) == (original, "IN_TRANSIT")
    assert in_transit(north, deposit.public_id) == 500_00
    assert untied(north) == []
    pull_expectations(facility_ids=[north.pk])
    again = Expectation.objects.get(withdrawn_at=None, matched=None)
    assert again.source_id == f"{deposit.public_id}.2"


def test_the_event_names_the_match_that_was_taken_back_and_is_silent_for_any_other(account, original, people):
    match = taken_back(returned(account), people)

    events = Event.objects.filter(type="reconciliation.matched")
    told = {row.subject: row.data["takes_back"] for row in events}

    assert told == {original.public_id: None, match.public_id: original.public_id}


def test_money_that_comes_again_finds_what_is_awaited_anew(north, account, original, people):
    taken_back(returned(account), people)
    on = DAY + timedelta(days=3)
    make.statement(account, make.line(500_00, BAG, on=on), on=on, statement_id="S9")

    reconcile_account(account=account)

    assert Deposit.objects.get().state == "CONFIRMED"
    assert in_transit(north, Deposit.objects.get().public_id) == 0
    assert Match.objects.count() == 3


def test_between_two_that_fit_nothing_is_guessed(north, account):
    for bag in (BAG, "BAG880088"):
        make.deposit_in_transit(north, 500_00, bag=bag, on=DAY)
    lines = [make.line(500_00, bag, "TRIP4711", on=DAY) for bag in (BAG, "BAG880088")]
    make.statement(account, *lines, on=DAY)
    reconcile_account(account=account)
    assert Match.objects.count() == 2

    found = returned(account, make.line(-500_00, "TRIP4711", on=DAY + timedelta(days=1)))

    assert (found.kind, original_of(found.line)) == ("UNMATCHED_DEBIT", None)


@pytest.mark.parametrize(
    "line",
    [
        make.line(-499_99, BAG, on=DAY + timedelta(days=1)),
        make.line(-500_00, "OTHER7700", on=DAY + timedelta(days=1)),
        make.line(-500_00, on=DAY + timedelta(days=1)),
    ],
    ids=["another amount", "another reference", "no reference"],
)
def test_what_does_not_prove_it_is_not_proposed(account, original, people, line):
    found = returned(account, line)

    assert original_of(StatementLine.objects.order_by("-id").first()) is None
    with pytest.raises(NothingToPropose):
        propose(discrepancy_id=found.pk, action="RETURN", reason="Guess", actor=people[0])


def test_undoing_it_confirms_the_original_which_cannot_be_undone_before(north, account, original, people):
    match = taken_back(returned(account), people)
    with pytest.raises(MatchTakenBack):
        undo_match(match_id=original.pk, reason="First", actor=people[1])

    undo_match(match_id=match.pk, reason="Another bag", actor=people[1])

    assert Deposit.objects.get().state == "CONFIRMED"
    assert in_transit(north, Deposit.objects.get().public_id) == 0
    undo_match(match_id=original.pk, reason="Now it may", actor=people[1])


def test_an_original_that_was_undone_meanwhile_is_not_taken_back(account, original, people):
    found = returned(account)
    proposal = propose(discrepancy_id=found.pk, action="RETURN", reason="Counterfeit", actor=people[0])
    undo_match(match_id=original.pk, reason="Wrong", actor=people[1])

    with pytest.raises(PlanOutdated):
        approve(proposal_id=proposal.pk, actor=people[1])


def test_the_page_shows_the_pair_and_what_will_be_posted(account, original, people):
    found = returned(account)
    browser = access.signed_in(people[0])

    shown = browser.get(reverse("reconciliation:discrepancy-detail", args=[found.public_id])).content.decode()

    assert "It takes an earlier line back" in shown
    assert 'value="RETURN" form="proposal" data-key="V"' in shown
    assert shown.count('data-key="T"') == 1
    assert "Deposits in transit" in shown


def test_the_database_lets_a_match_be_taken_back_once(account, original, people):
    match = taken_back(returned(account), people)

    with pytest.raises(DatabaseError, match="taken back once"), transaction.atomic():
        TakenBack.objects.create(match=match, original=match)
