"""A debit of the bank leads to the cheque that came back, and its return takes the debit."""

import re
from html import unescape

import pytest
import time_machine

from cashiering.commands import confirm_cheque_return, hand_over_deposit, prepare_deposit, verify_deposit
from cashiering.models import ChequeBlock, ChequeReturn
from hms_ach.money import Money
from reconciliation.commands import reconcile_account
from reconciliation.models import Discrepancy, Match
from tests.make import access
from tests.make import cashiering as till
from tests.make import reconciliation as make

pytestmark = pytest.mark.django_db
LATER = "2026-03-18T15:00:00Z"


@pytest.fixture
def given():
    """A till whose two cheques of 40.00 and one of 25.00 are on their way to its bank account."""
    with time_machine.travel("2026-03-12T15:00:00Z"):
        given = till.till()
        session = till.opened(given)
        payments = [
            till.paid(session, given, till.cheque(minor, number))
            for minor, number in ((40_00, "1001"), (40_00, "1002"), (25_00, "1003"))
        ]
        cheques = [payment.tenders.get().pk for payment in payments]
        till.counted(session, 200_00)
        till.approve_session(session=session, actor=given.gil, found_cheques=cheques)
        bag = prepare_deposit(
            facility=given.facility,
            sessions=[],
            cheques=cheques,
            declared_cash=Money(0, "USD"),
            declared_cheques=Money(105_00, "USD"),
            bag_number="BAG000077",
            slip_number="S1",
            actor=given.cora,
        )
        verify_deposit(deposit=bag, actor=access.user("FINANCE_REVIEWER", facilities=[given.facility]))
        hand_over_deposit(deposit=bag, courier="Meadow", actor=given.cora)
        given.account = make.bank_account(given.facility)
        given.eve = make.reviewer(given.facility)
    return given


def shown(given, minor: int, *references: str) -> str:
    """The page of the discrepancy that the bank's debit opened."""
    make.statement(given.account, make.line(-minor, *references, bank_reference="RTN/55"))
    reconcile_account(account=given.account)
    return opened(given, minor)


def opened(given, minor: int) -> str:
    row = Discrepancy.objects.get(amount_minor=-minor)
    answer = access.signed_in(given.eve).get(f"/reconciliation/discrepancies/{row.public_id}/")
    return answer.content.decode()


def test_one_key_leads_from_the_debit_to_the_return_and_the_return_takes_the_debit(given):
    with time_machine.travel(LATER):
        page = shown(given, 25_00, "NSF")
        address = unescape(re.search(r'href="([^"]*cheque-return/[^"]*)"[^>]*data-key="B"', page)[1])
        browser = access.signed_in(given.eve)
        report = browser.get(address).content.decode()
        answer = browser.post(
            address,
            {
                "cheque": re.search(r'name="cheque" value="(\d+)" checked', report)[1],
                "reason": "NO_FUNDS",
                "returned_on": re.search(r'name="returned_on"[^>]*value="([^"]*)"', report)[1],
                "bank_reference": re.search(r'name="bank_reference"[^>]*value="([^"]*)"', report)[1],
            },
        )
        found = ChequeReturn.objects.get()
        again = opened(given, 25_00)
        confirm_cheque_return(cheque_return=found, actor=given.gil)
        reconcile_account(account=given.account)

    found.refresh_from_db()
    assert (found.tender.reference, found.bank_reference) == ("1003", "RTN/55")
    assert "Its return is reported" in again
    place = f"/reconciliation/discrepancies/{Discrepancy.objects.get(amount_minor=-25_00).public_id}/?"
    assert f'href="{place}"' in report
    assert answer.url == place
    assert found.fee_invoice is not None
    assert ChequeBlock.objects.filter(cheque_return=found).exists()
    assert Match.objects.filter(lines__line__bank_reference="RTN/55").exists()
    assert str(found.bank_confirmed_on) == "2026-03-12"


def test_equal_cheques_are_both_offered_without_a_key_unless_the_bank_names_one(given):
    with time_machine.travel(LATER):
        page = shown(given, 40_00, "RETURNED ITEM")
        assert page.count("Report its return") == 2
        assert 'data-key="B"' not in page


def test_the_bank_s_words_name_the_cheque(given):
    with time_machine.travel(LATER):
        page = shown(given, 40_00, "RETURNED ITEM CHECK 0001002")

    assert page.count("Report its return") == 1
    assert "named by the bank" in page


def test_another_amount_and_money_that_came_are_no_cheque(given):
    with time_machine.travel(LATER):
        assert "Has a cheque come back" not in shown(given, 41_00, "1001")
