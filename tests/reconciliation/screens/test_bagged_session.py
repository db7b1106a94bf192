"""What the bank counted other than a bag declares leads to the sessions whose money is in it."""

import pytest
import time_machine
from django.urls import reverse

from cashiering.commands import hand_over_deposit, prepare_deposit, verify_deposit
from hms_ach.money import Money
from reconciliation.commands import reconcile_account
from reconciliation.models import Discrepancy
from tests.make import access
from tests.make import cashiering as till
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def given():
    """A till whose session gave 40.00 in cash to a bag that is on its way."""
    with time_machine.travel("2026-03-12T15:00:00Z"):
        given = till.till()
        given.session = till.opened(given)
        till.paid(given.session, given, till.cash(40_00))
        till.approved(given.session, given, 240_00)
        given.bag = prepare_deposit(
            facility=given.facility,
            sessions=[given.session.pk],
            cheques=[],
            declared_cash=Money(40_00, "USD"),
            declared_cheques=Money(0, "USD"),
            bag_number="BAG000077",
            slip_number="S1",
            actor=given.cora,
        )
        verify_deposit(deposit=given.bag, actor=access.user("FINANCE_REVIEWER", facilities=[given.facility]))
        hand_over_deposit(deposit=given.bag, courier="Meadow", actor=given.cora)
        given.account = make.bank_account(given.facility)
    return given


def test_the_discrepancy_names_and_links_the_session_and_what_it_gave(given):
    with time_machine.travel("2026-03-18T15:00:00Z"):
        make.statement(given.account, make.line(37_00, "BAG000077"))
        reconcile_account(account=given.account)
        row = Discrepancy.objects.get(kind="AMOUNT_DIFFERENCE")
        eve = access.signed_in(make.reviewer(given.facility))
        shown = eve.get(reverse("reconciliation:discrepancy-detail", args=[row.public_id])).content.decode()

    assert reverse("cashiering:session-detail", args=[given.session.public_id]) in shown
    assert given.session.number in shown
    assert "$40.00" in shown
