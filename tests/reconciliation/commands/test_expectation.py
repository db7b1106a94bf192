"""What the till awaits of the bank, at the account of its currency."""

from datetime import UTC, datetime

import pytest
import time_machine

from cashiering.commands import hand_over_deposit, prepare_deposit, verify_deposit
from hms_ach.money import Money
from hms_ach.refusal import Refusal
from reconciliation.commands import create_bank_account, plan_for, pull_expectations
from reconciliation.commands.opening import open_discrepancy
from reconciliation.models import Expectation
from tests.make import access
from tests.make import cashiering as till
from tests.make.reconciliation import in_force

pytestmark = pytest.mark.django_db


@time_machine.travel(datetime(2026, 3, 12, 15, 0, tzinfo=UTC))
def test_a_bag_of_foreign_cash_is_expected_at_the_account_of_its_currency():
    given = till.till()
    till.taking(given)
    session = till.opened(given)
    till.paid(session, given, till.notes(50_00), minor=52_30)
    till.approved(session, given, 197_30, EUR=50_00)
    bag = prepare_deposit(
        facility=given.facility,
        sessions=[session.pk],
        cheques=[],
        declared_cash=Money(50_00, "EUR"),
        bag_number="E1",
        slip_number="E1",
        actor=given.cora,
    )
    verify_deposit(deposit=bag, actor=given.gil)
    hand_over_deposit(deposit=bag, courier="Brinks", actor=given.cora)

    pull_expectations(facility_ids=[given.facility.pk])
    before = Expectation.objects.get()
    late = open_discrepancy(
        kind="UNMATCHED_DEPOSIT",
        facility_id=given.facility.pk,
        expectation_id=before.pk,
        due_on=before.latest_on,
        amount_minor=-50_00,
        currency="EUR",
    )
    with pytest.raises(Refusal, match="has no bank account in EUR in force"):
        plan_for(late, action="WRITE_OFF")
    account = create_bank_account(
        facility=given.facility,
        code="EUR-OP",
        name="Euros",
        number="DE-7777",
        currency="EUR",
        opened_on=session.business_on,
        actor=access.user(username="opens.euros"),
    )
    in_force(account, "DE-7777")
    pull_expectations(facility_ids=[given.facility.pk])

    after = Expectation.objects.get()
    late.refresh_from_db()
    assert (before.currency, before.amount_minor, before.account) == ("EUR", 50_00, None)
    assert after.account == late.account == account
    assert plan_for(late, action="WRITE_OFF").is_balanced
