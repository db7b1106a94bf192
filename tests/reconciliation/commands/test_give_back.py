"""What a clearing of suspense gives back leaves by the bank: expected, matched, and back at zero."""

import pytest
from django.urls import reverse

from hms_ach import clock
from hms_ach.money import Money
from ledger.queries import balance_of
from reconciliation.commands import (
    ClearingUsed,
    approve_clearing,
    approve_clearing_undo,
    propose_clearing_undo,
    pull_expectations,
    reconcile_account,
    undo_match,
)
from reconciliation.models import Expectation, Match
from tests.make import access
from tests.make import reconciliation as make
from tests.reconciliation.commands.test_clearing import LATER, in_suspense, left, proposed, untied

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    with clock.at(LATER):
        yield make.hospital()


@pytest.fixture
def people(north):
    return make.reviewer(north), make.approver(north)


@pytest.fixture
def account(north):
    return make.bank_account(north)


@pytest.fixture
def clearing(north, account, people):
    eve, finn = people
    return approve_clearing(clearing_id=proposed(in_suspense(north, 77_00), eve, "GIVE_BACK").pk, actor=finn)


def owed(clearing) -> int:
    """What stands on refund clearing for it; a credit is still to be paid out."""
    facility = clearing.facility
    where = {"legal_entity": facility.legal_entity, "currency": "USD", "reference": clearing.public_id}
    return balance_of("refund.clearing", **where).minor


def paid_out(account, clearing) -> None:
    on = LATER.date()
    make.statement(account, make.line(-77_00, clearing.public_id, on=on), on=on)
    reconcile_account(account=account)


def test_the_banks_line_that_quotes_it_brings_it_back_to_zero(north, account, clearing):
    assert owed(clearing) == -77_00

    paid_out(account, clearing)

    assert owed(clearing) == 0
    assert Match.objects.get().items.get().expectation.source_id == clearing.public_id
    assert pull_expectations(facility_ids=[north.pk]) == 0
    assert untied(north) == []


def test_an_undone_match_leaves_it_owed_and_expected_again(north, account, people, clearing):
    paid_out(account, clearing)

    undo_match(match_id=Match.objects.get().pk, reason="Another line", actor=people[0])

    assert owed(clearing) == -77_00
    assert pull_expectations(facility_ids=[north.pk]) == 1


def test_what_was_paid_out_is_not_undone(account, people, clearing):
    eve, finn = people
    undo = propose_clearing_undo(clearing_id=clearing.pk, reason="Found the payer", actor=eve)
    paid_out(account, clearing)

    with pytest.raises(ClearingUsed, match=r"\$0.00 of \$77.00 is left"):
        approve_clearing_undo(undo_id=undo.pk, actor=finn)


def test_an_undone_clearing_is_expected_no_more_and_takes_no_line(north, account, people, clearing):
    eve, finn = people
    item = in_suspense(north, 1_00)
    pull_expectations(facility_ids=[north.pk])
    undo = propose_clearing_undo(clearing_id=clearing.pk, reason="Found the payer", actor=eve)

    approve_clearing_undo(undo_id=undo.pk, actor=finn)

    assert Expectation.objects.get().withdrawn_at is not None
    paid_out(account, clearing)
    assert not Match.objects.exists()
    assert owed(clearing) == 0
    assert left(item) == Money(-78_00, "USD").minor


def test_the_items_page_says_what_to_quote_until_it_is_paid_out(north, account, people, clearing):
    finn = access.signed_in(people[1])
    address = reverse("reconciliation:suspense-detail", args=[north.code, "USD", clearing.reference])
    quoting = f"quoting <strong>{clearing.public_id}</strong>"
    assert quoting in finn.get(address).content.decode()

    paid_out(account, clearing)

    assert quoting not in finn.get(address).content.decode()
