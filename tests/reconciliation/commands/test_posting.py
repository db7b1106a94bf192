"""Undoing a match: what it closed waits again, unless it waits elsewhere or is settled by another."""

import json
from datetime import UTC, datetime

import pytest

from cashiering.models import Deposit
from hms_ach import clock
from hms_ach.money import Money
from hms_ach.outbox.commands import create_endpoint, deliver
from hms_ach.outbox.queries import due_deliveries
from hms_ach.refusal import Refusal
from ledger.queries import balance_of
from reconciliation.commands import (
    SuspenseKey,
    approve,
    approve_clearing,
    approve_clearing_undo,
    propose,
    propose_clearing,
    propose_clearing_undo,
    pull_expectations,
    reconcile_account,
    undo_match,
)
from reconciliation.commands.opening import open_discrepancy
from reconciliation.models import Discrepancy, Expectation, Match, SuspenseClearing
from tests.make import access
from tests.make import reconciliation as make
from tests.make.listener import listener

LATER = datetime(2026, 3, 20, 15, tzinfo=UTC)


@pytest.fixture
def account(db):
    with clock.at(LATER):
        yield make.bank_account(make.hospital())


@pytest.fixture
def people(account):
    return make.reviewer(account.facility), make.approver(account.facility)


def reconciled(account, *entries, statement_id: str = "S1", opening: int = 0) -> None:
    make.statement(account, *entries, statement_id=statement_id, opening=opening)
    reconcile_account(account=account)


def waiting() -> set[tuple[str, int | None, int | None]]:
    rows = Discrepancy.objects.exclude(state="APPROVED").exclude(kind__startswith="STATEMENT")
    return set(rows.values_list("kind", "line_id", "expectation_id"))


def decided(found, people, action: str, **chosen) -> Match:
    eve, finn = people
    proposal = propose(discrepancy_id=found.pk, action=action, reason="seen", actor=eve, **chosen)
    return approve(proposal_id=proposal.pk, actor=finn).match


@pytest.fixture
def difference(account) -> Discrepancy:
    """The bank brought 480.00 under the number of a bag of 500.00."""
    make.deposit_in_transit(account.facility, 500_00, bag="BAG770077")
    reconciled(account, make.line(480_00, "BAG770077"))
    return Discrepancy.objects.get(kind="AMOUNT_DIFFERENCE")


def test_a_line_is_told_although_its_item_waits_already(account):
    make.deposit_in_transit(account.facility, 500_00, bag="BAG770077")
    reconcile_account(account=account)
    late = Discrepancy.objects.get(kind="UNMATCHED_DEPOSIT")

    reconciled(account, make.line(480_00, "BAG770077"))

    line = Discrepancy.objects.exclude(line=None).get()
    assert line != late
    assert (line.kind, line.amount_minor) == ("UNMATCHED_CREDIT", 480_00)
    assert line.reasons == ["One candidate, not certain."]


def test_a_difference_whose_item_waits_elsewhere_by_now_is_left_to_its_line(account, people, difference):
    make.deposit_in_transit(account.facility, 480_00, bag="BAG880088")
    pull_expectations(facility_ids=[account.facility_id])
    other = Expectation.objects.get(amount_minor=480_00)
    match = decided(difference, people, "MATCH", item_ids=[other.pk])
    reconcile_account(account=account)

    undo_match(match_id=match.pk, reason="wrong bag", actor=people[1])

    assert waiting() == {
        ("UNMATCHED_CREDIT", difference.line_id, None),
        ("UNMATCHED_DEPOSIT", None, difference.expectation_id),
    }


def test_a_line_that_waits_elsewhere_by_now_waits_there_once(account, people, difference):
    reconciled(account, make.line(500_00, "BAG770077"), statement_id="S2", opening=480_00)
    reconcile_account(account=account)
    match, anew = Match.objects.get(), Discrepancy.objects.exclude(state="APPROVED").get(line=difference.line)

    undo_match(match_id=match.pk, reason="wrong bag", actor=people[1])

    rows = Discrepancy.objects.exclude(state="APPROVED").filter(line=difference.line)
    assert list(rows) == [anew]


def test_an_item_that_waits_elsewhere_by_now_waits_there_once(account, people):
    """A night that had read what is open before the match came told of the item after it."""
    make.deposit_in_transit(account.facility, 500_00, bag="BAG770077")
    reconcile_account(account=account)
    late = Discrepancy.objects.get(kind="UNMATCHED_DEPOSIT")
    reconciled(account, make.line(500_00, "BAG770077"))
    same = ("kind", "facility", "account", "expectation", "due_on", "amount_minor", "currency", "reasons")
    anew = open_discrepancy(**{name: getattr(late, name) for name in same})

    undo_match(match_id=Match.objects.get().pk, reason="wrong bag", actor=people[1])

    assert Discrepancy.objects.exclude(state="APPROVED").get(kind="UNMATCHED_DEPOSIT") == anew


def test_a_line_that_is_settled_by_now_does_not_wait_again(account, people, difference):
    reconciled(account, make.line(500_00, "BAG770077"), statement_id="S2", opening=480_00)
    reconcile_account(account=account)
    match, anew = Match.objects.get(), Discrepancy.objects.exclude(state="APPROVED").get(line=difference.line)
    decided(anew, people, "SUSPENSE")

    undo_match(match_id=match.pk, reason="wrong bag", actor=people[1])

    assert not Discrepancy.objects.exclude(state="APPROVED").filter(line=difference.line).exists()


def test_a_difference_from_what_is_awaited_no_more_is_the_lines_own(account, people, difference):
    with clock.at(LATER):
        Deposit.objects.update(state="CONFIRMED")
    pull_expectations(facility_ids=[account.facility_id])

    difference.refresh_from_db()
    assert (difference.kind, difference.amount_minor) == ("UNMATCHED_CREDIT", 480_00)
    assert decided(difference, people, "SUSPENSE").item_count == 0


def cleared(account, people, found) -> tuple[Match, SuspenseClearing]:
    """What a line brought lies in suspense, and is income as two people agreed."""
    eve, finn = people
    match = decided(found, people, "SUSPENSE")
    clearing = propose_clearing(
        item=SuspenseKey(account.facility, found.public_id, "USD"),
        purpose="INCOME",
        amount=Money(77_00, "USD"),
        reason="a grant",
        actor=eve,
    )
    return match, approve_clearing(clearing_id=clearing.pk, actor=finn)


@pytest.fixture
def unknown(account) -> Discrepancy:
    reconciled(account, make.line(77_00))
    return Discrepancy.objects.get(kind="UNMATCHED_CREDIT")


def test_what_suspense_was_cleared_of_is_not_undone_before_its_clearing(account, people, unknown):
    eve, finn = people
    match, clearing = cleared(account, people, unknown)

    with pytest.raises(Refusal) as refused:
        undo_match(match_id=match.pk, reason="wrong", actor=finn)
    undo = propose_clearing_undo(clearing_id=clearing.pk, reason="no grant", actor=eve)
    approve_clearing_undo(undo_id=undo.pk, actor=finn)
    undo_match(match_id=match.pk, reason="wrong", actor=finn)

    assert refused.value.code == "suspense_cleared"
    where = {"legal_entity": account.facility.legal_entity, "currency": "USD"}
    for role in ("bank.operating", "suspense.unidentified", "income.other"):
        assert balance_of(role, **where) == Money.zero("USD")


def test_a_program_hears_that_a_match_was_made_and_then_taken_back(account, people, settings):
    settings.WEBHOOK_ALLOW_LOOPBACK = True
    make.deposit_in_transit(account.facility, 500_00, bag="BAG770077")
    with listener() as heard:
        create_endpoint(
            url=heard.url,
            description="",
            event_types=["reconciliation.matched", "match.undone"],
            facilities=[account.facility],
            actor=access.user(),
        )
        reconciled(account, make.line(500_00, "BAG770077"))
        match = Match.objects.get()
        undo_match(match_id=match.pk, reason="Not Mrs. Smith's bag", actor=people[1])
        while due := due_deliveries(now=clock.now()):
            for delivery_id in due:
                deliver(delivery_id=delivery_id)

    made, undone = (json.loads(body) for _headers, body in heard.received)
    assert (made["type"], undone["type"], undone["subject"]) == (
        "reconciliation.matched",
        "match.undone",
        match.public_id,
    )
    assert (made["sequence"], undone["sequence"], undone["facility"]) == (1, 2, "NORTH")
    said = made["data"]
    assert undone["data"] == {name: said[name] for name in ("account", "lines", "items")}
    assert len(said["lines"]) == len(said["items"]) == 1
