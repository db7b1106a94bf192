"""What was announced finds its line at the bank, or is late."""

from datetime import timedelta

import pytest

from cashiering.commands import take_advice_file
from cashiering.models import Advice
from hms_ach import clock
from ledger.queries import balance_of, control_totals
from reconciliation.commands import reconcile_account, undo_match
from reconciliation.models import Discrepancy, Expectation, Match
from reconciliation.queries import day_board
from tests.make import access
from tests.make import reconciliation as make
from tests.make.advice import Entry, Payment, ach_file, remittances
from tests.reconciliation.commands.test_clearing import LATER

pytestmark = pytest.mark.django_db

DAY = LATER.date()


@pytest.fixture
def north():
    with clock.at(LATER):
        yield make.hospital()


@pytest.fixture
def account(north):
    return make.bank_account(north)


@pytest.fixture
def eve(north):
    return make.reviewer(north)


def announced(north, content: bytes) -> list[Advice]:
    taken = take_advice_file(content=content, name="file", facility=north, actor=access.user())
    return taken.advices


def test_an_insurers_transfer_is_matched_by_its_trace_and_waits_on_remittance_clearing(north, account, eve):
    (advice,) = announced(north, remittances(Payment("000012345", amount="700.00", on=DAY)))
    make.statement(account, make.line(700_00, "TRN*1*000012345*1512345678", on=DAY), on=DAY)

    reconcile_account(account=account)

    advice.refresh_from_db()
    where = {"legal_entity": north.legal_entity, "currency": "USD", "reference": advice.public_id}
    assert Match.objects.get().pass_name.startswith("reference")
    assert advice.bank_confirmed_on == DAY
    assert balance_of("remittance.clearing", **where).minor == -700_00

    undo_match(match_id=Match.objects.get().pk, reason="Another payer's", actor=eve)

    advice.refresh_from_db()
    assert advice.bank_confirmed_on is None
    assert balance_of("remittance.clearing", **where).minor == 0


def test_the_same_trace_with_another_amount_is_never_matched_by_itself(north, account):
    announced(north, remittances(Payment("000012345", amount="700.00", on=DAY)))
    make.statement(account, make.line(650_00, "000012345", on=DAY), on=DAY)

    reconcile_account(account=account)

    assert Match.objects.count() == 0


def test_the_batches_and_returns_of_an_ach_file_are_matched_by_their_traces(north, account):
    announced(north, ach_file(Entry(500_00), Entry(20_00), on=DAY, created_on=DAY))
    back = Entry(90_00, "26", trace="091000010000077", reason="R01", original_trace="5")
    announced(north, ach_file(back, on=DAY, created_on=DAY, modifier="B", number=2))
    lines = [make.line(520_00, "091000010000001", on=DAY), make.line(-90_00, "091000010000077", on=DAY)]
    make.statement(account, *lines, on=DAY)

    reconcile_account(account=account)

    assert Match.objects.count() == 2
    assert not Advice.objects.filter(bank_confirmed_on=None).exists()


def test_what_was_announced_leaves_clearing_tied_out_before_and_after_the_bank_shows_it(north, account):
    announced(north, ach_file(Entry(500_00), Entry(20_00, "22"), on=DAY, created_on=DAY))
    back = Entry(90_00, "26", trace="091000010000077", reason="R01", original_trace="5")
    announced(north, ach_file(back, on=DAY, created_on=DAY, modifier="B", number=2))
    before = clearing(north)
    lines = [make.line(500_00, "091000010000001", on=DAY), make.line(-90_00, "091000010000077", on=DAY)]
    make.statement(account, *lines, on=DAY)

    reconcile_account(account=account)

    assert before == {"transfer.clearing": (0, 0), "refund.clearing": (0, 0)}
    assert clearing(north) == {"transfer.clearing": (-410_00, -410_00), "refund.clearing": (0, 0)}


def clearing(north) -> dict[str, tuple[int, int]]:
    """What the documents and the book have on two clearing accounts."""
    totals = control_totals(legal_entity=north.legal_entity, on=DAY)
    roles = ("transfer.clearing", "refund.clearing")
    return {one.role: (one.documents.minor, one.booked.minor) for one in totals if one.role in roles}


def test_a_remittance_that_is_not_paid_within_four_banking_days_is_a_discrepancy(north, account):
    announced(north, remittances(Payment("000012345", on=DAY)))
    reconcile_account(account=account)
    assert not Discrepancy.objects.filter(kind="UNMATCHED_REMITTANCE").exists()

    with clock.at(LATER + timedelta(days=7)):
        reconcile_account(account=account)

    found = Discrepancy.objects.get(kind="UNMATCHED_REMITTANCE")
    assert found.expectation == Expectation.objects.get()
    board = day_board(facility=north, business_on=found.due_on)
    assert [(each.done, each.total) for each in board.checks if each.where == "remittance"] == [(0, 1)]
