"""Cash rounding in the drawer and in the book."""

import pytest

from cashiering.commands import correct_tenders, set_till_policy, void_payment
from cashiering.commands.register import CoinUnknown
from cashiering.queries import expected_cash
from cashiering.queries.cross_check import cross_totals, orphans
from cashiering.rules.tenders import TendersTooSmall
from hms_ach.money import Money
from tests.cashiering.screens.test_register import Browser, pay
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


@pytest.fixture
def till():
    given = make.till()
    policy(given, 5)
    return given


def policy(given: make.Till, coin: int):
    limits = {"variance_free_minor": 0, "variance_supervisor_minor": 0, "void_alone_minor": 100_00}
    return set_till_policy(
        facility=given.facility, paid_out_limit_minor=0, cash_coin_minor=coin, actor=given.gil, **limits
    )


@pytest.mark.parametrize("owed, in_drawer", [(10_02, 10_00), (10_03, 10_05), (10_05, 10_05)])
def test_the_drawer_holds_whole_coins_and_the_invoice_is_paid_exactly(till, owed, in_drawer):
    session = make.opened(till)

    payment = make.paid(session, till, make.cash(20_00), minor=owed)

    session.refresh_from_db()
    bill = payment.allocations.get().invoice
    assert bill.settled_minor == bill.total_minor == owed
    assert payment.tenders.get().change_minor == 20_00 - in_drawer
    assert expected_cash(session).minor == session.cash_minor == 200_00 + in_drawer
    assert make.balance(till, "receivable.patient") == usd(0)
    assert make.balance(till, "rounding.cash") == usd(owed - in_drawer)


def test_rounded_receipts_are_no_orphans(till):
    session = make.opened(till)
    for owed in (10_02, 10_03):
        make.paid(session, till, make.cash(20_00), minor=owed)

    here, day = [till.facility.pk], session.business_on

    assert orphans(here, day, day) == []
    assert cross_totals(here, day, day)[0].collected_difference == usd(0)


def test_a_void_and_a_correction_take_the_rounding_back(till):
    session = make.opened(till)
    first = make.paid(session, till, make.cash(20_00), minor=10_02)
    second = make.paid(session, till, make.cash(20_00), minor=10_03)

    void_payment(payment=first, reason="Wrong", actor=till.ana)
    again = correct_tenders(
        payment=second, tenders=[make.card(10_03)], reason="Card", key="c", actor=till.ana
    )

    assert make.balance(till, "rounding.cash") == usd(0)
    assert (again.total_minor, again.rounding_minor, again.unapplied_minor) == (10_03, 0, 0)
    assert make.balance(till, "cash.drawer", session.public_id) == usd(200_00)


def test_cards_stay_exact_and_less_than_the_rounded_cash_is_too_little(till):
    session = make.opened(till)

    assert make.paid(session, till, make.card(10_02)).rounding_minor == 0
    assert make.paid(session, till, make.card(5_00), make.cash(5_00), minor=10_02).rounding_minor == -2
    with pytest.raises(TendersTooSmall):
        make.paid(session, till, make.cash(9_99), minor=10_02)


def test_the_register_takes_the_rounded_rest_and_the_receipt_says_so(till):
    make.opened(till)
    browser = Browser(till.ana)

    done = pay(browser, till, make.invoice(till, 10_02), rest="cash").content.decode()

    assert "Rounded to the smallest coin" in done
    assert make.balance(till, "rounding.cash") == usd(2)


def test_the_smallest_coin_is_a_coin():
    given = make.till()

    with pytest.raises(CoinUnknown):
        policy(given, 3)
