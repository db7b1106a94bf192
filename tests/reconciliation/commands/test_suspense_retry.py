"""What lies in suspense is tried again each night, and leaves it only by a person's approval."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from billing.models import Invoice
from cashiering.commands import take_advice_file
from cashiering.models import Advice
from cashiering.queries import advices_of
from hms_ach import clock
from ledger.queries import balance_of
from reconciliation.commands import (
    ClearingUndoWaits,
    MatchFromSuspense,
    approve,
    approve_clearing,
    approve_clearing_undo,
    approve_day_correction,
    propose,
    propose_clearing_undo,
    propose_day_correction,
    reconcile_account,
    refuse_clearing_undo,
    send_back_clearing,
    try_suspense,
    undo_match,
)
from reconciliation.models import DayClose, Discrepancy, Match, SuspenseClearing, SuspenseTry
from reconciliation.queries import suspense_items
from tests.make import access, billing
from tests.make import reconciliation as make
from tests.make.advice import Payment, remittances
from tests.reconciliation.commands.test_clearing import LATER, untied

pytestmark = pytest.mark.django_db

DAY = LATER.date()
TRACE = "000077123"


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


def suspended(
    account, people, *references: str, minor: int = 700_00, statement_id: str = "S1"
) -> Discrepancy:
    """A credit that nobody could place, moved to suspense by two people."""
    eve, finn = people
    make.statement(account, make.line(minor, *references, on=DAY), on=DAY)
    with clock.at(LATER + timedelta(days=1)):
        reconcile_account(account=account)
    found = Discrepancy.objects.exclude(state="APPROVED").get(kind="UNMATCHED_CREDIT")
    proposal = propose(discrepancy_id=found.pk, action="SUSPENSE", reason="Who pays?", actor=eve)
    approve(proposal_id=proposal.pk, actor=finn)
    return found


def announced(north, trace: str = TRACE, amount: str = "700.00", **more) -> Advice:
    content = remittances(Payment(trace, amount=amount, on=DAY, **more))
    return take_advice_file(content=content, name="era", facility=north, actor=access.user()).advices[0]


def in_suspense(north) -> list:
    return suspense_items([north], today=DAY)


def at_bank(north) -> tuple[str, str]:
    row = advices_of([north.pk]).get()
    return row.at_bank, row.bank_document


def found_again(north, account, people) -> SuspenseClearing:
    """What was in suspense is the remittance announced later: two people cleared it by a match."""
    suspended(account, people, TRACE)
    announced(north)
    reconcile_account(account=account)
    return approve_clearing(clearing_id=SuspenseClearing.objects.get().pk, actor=people[1])


def test_what_is_announced_later_is_proposed_and_a_person_releases_it(north, account, people):
    suspended(account, people, TRACE)
    reconcile_account(account=account)
    assert SuspenseTry.objects.get().found == "Nothing fits yet"
    advice = announced(north)

    reconcile_account(account=account)

    clearing = SuspenseClearing.objects.get()
    assert (clearing.purpose, clearing.document, clearing.proposed_by) == ("EXPECTED", advice.public_id, None)
    assert len(in_suspense(north)) == 1
    assert at_bank(north) == ("PROPOSED", clearing.public_id)
    approve_clearing(clearing_id=clearing.pk, actor=people[1])
    advice.refresh_from_db()
    where = {"legal_entity": north.legal_entity, "currency": "USD", "reference": advice.public_id}
    assert in_suspense(north) == []
    assert at_bank(north) == ("MATCHED", Match.objects.get(pass_name="suspense").public_id)
    assert advice.bank_confirmed_on is not None
    assert balance_of("remittance.clearing", **where).minor == -700_00
    assert untied(north) == []


def test_what_is_missed_says_that_its_money_lies_in_suspense(north, account, people):
    suspended(account, people, TRACE)
    announced(north)
    with clock.at(LATER + timedelta(days=9)):
        reconcile_account(account=account)
    missed = Discrepancy.objects.get(expectation__amount_minor=700_00)

    page = reverse("reconciliation:discrepancy-detail", args=[missed.public_id])
    shown = access.signed_in(people[0]).get(page).content.decode()

    assert "Its money lies in suspense." in shown
    assert SuspenseClearing.objects.get().public_id in shown


def test_every_try_is_counted_with_what_it_found(account, people):
    suspended(account, people, "NOTHING77")

    for _ in range(3):
        try_suspense(account=account)

    tried = SuspenseTry.objects.get()
    assert (tried.count, tried.found) == (3, "Nothing fits yet")


def test_an_invoice_that_the_line_names_is_proposed(north, account, people):
    clerk = access.user("BILLING_CLERK", facilities=[north])
    invoice: Invoice = billing.issued(north, billing.patient(north, clerk), clerk, 900_00)
    suspended(account, people, invoice.number)

    try_suspense(account=account)

    clearing = SuspenseClearing.objects.get()
    assert (clearing.purpose, clearing.document) == ("INVOICE", invoice.public_id)
    approve_clearing(clearing_id=clearing.pk, actor=people[1])
    invoice.refresh_from_db()
    assert invoice.settled_minor == 700_00


@pytest.mark.parametrize(
    ("trace", "amount", "says"),
    [(TRACE, "699.99", "with another amount, $699.99"), ("000088123", "700.00", "Nothing fits yet")],
    ids=["another amount", "another trace"],
)
def test_what_does_not_prove_it_is_not_proposed(north, account, people, trace, amount, says):
    suspended(account, people, TRACE)
    announced(north, trace, amount)

    reconcile_account(account=account)

    assert not SuspenseClearing.objects.exists()
    assert says in SuspenseTry.objects.get().found


def test_between_two_that_fit_nothing_is_guessed(north, account, people):
    suspended(account, people, TRACE)
    announced(north)
    announced(north, payer_id="1999000111")

    reconcile_account(account=account)

    assert not SuspenseClearing.objects.exists()
    assert SuspenseTry.objects.get().found == "2 fit: a person must choose"


def test_what_was_sent_back_is_not_proposed_again(north, account, people):
    suspended(account, people, TRACE)
    announced(north)
    reconcile_account(account=account)
    clearing = SuspenseClearing.objects.get()
    send_back_clearing(clearing_id=clearing.pk, reason="Another payer's", actor=people[1])

    reconcile_account(account=account)

    assert SuspenseClearing.objects.count() == 1
    assert SuspenseTry.objects.get().found == "What fits was sent back before"


def test_nobody_takes_back_alone_what_two_people_cleared(north, account, people):
    clearing = found_again(north, account, people)

    with pytest.raises(MatchFromSuspense, match="undo the clearing"):
        undo_match(match_id=clearing.match_id, reason="Wrong", actor=people[1])

    assert in_suspense(north) == []


def test_a_final_day_put_right_undoes_the_clearing_by_the_same_two(north, account, people):
    eve, finn = people
    clearing = found_again(north, account, people)
    closed = {"board": [], "gl_batch_id": "glb_x", "closed_by": finn, "closed_at": clock.now()}
    DayClose.objects.create(facility=north, business_on=clearing.match.effective_on, **closed)
    waiting = propose_clearing_undo(clearing_id=clearing.pk, reason="Wrong", actor=eve)
    asked = {"match_id": clearing.match_id, "reason": "Another payer's", "actor": eve}
    with pytest.raises(ClearingUndoWaits):
        propose_day_correction(**asked)
    refuse_clearing_undo(undo_id=waiting.pk, actor=eve)
    correction = propose_day_correction(**asked)

    approve_day_correction(correction_id=correction.pk, actor=finn)

    undo = clearing.undoings.get(verdict="APPROVED")
    assert (undo.reason, undo.proposed_by, undo.decided_by) == ("Another payer's", eve, finn)
    assert len(in_suspense(north)) == 1
    assert untied(north) == []


def test_an_undone_clearing_puts_the_money_back_and_the_remittance_waits_again(north, account, people):
    eve, finn = people
    suspended(account, people, TRACE)
    advice = announced(north)
    reconcile_account(account=account)
    clearing = approve_clearing(clearing_id=SuspenseClearing.objects.get().pk, actor=finn)

    undo = propose_clearing_undo(clearing_id=clearing.pk, reason="Wrong", actor=eve)
    approve_clearing_undo(undo_id=undo.pk, actor=finn)

    advice.refresh_from_db()
    assert advice.bank_confirmed_on is None
    assert len(in_suspense(north)) == 1
    assert Match.objects.get(pass_name="suspense").undo.undone_by == finn


def test_the_pages_show_the_tries_and_the_runs_proposal(north, account, people):
    found = suspended(account, people, TRACE)
    announced(north)
    reconcile_account(account=account)
    browser = access.signed_in(people[1])

    listed = browser.get(reverse("reconciliation:suspense-list")).content.decode()
    place = reverse("reconciliation:suspense-detail", args=[north.code, "USD", found.public_id])
    shown = browser.get(place).content.decode()

    assert "1 time: the bank&#x27;s line names what was expected" in listed
    assert "The nightly run" in shown
    assert "Was expected all along" in shown
    assert "Approve and post" in shown
    assert "Remittances receivable" in shown
    clearing = approve_clearing(clearing_id=SuspenseClearing.objects.get().pk, actor=people[1])
    match = reverse("reconciliation:match-detail", args=[clearing.match.public_id])
    assert match in browser.get(place).content.decode()


def test_only_references_let_the_run_propose(north, account, people):
    suspended(account, people, TRACE)
    announced(north)
    reconcile_account(account=account)

    with pytest.raises(DatabaseError), transaction.atomic():
        SuspenseClearing.objects.update(purpose="INCOME")
