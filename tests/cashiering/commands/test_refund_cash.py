"""Cash that goes back: to the smallest coin, and foreign notes as the facility gives them back."""

import pytest

from billing.models import Invoice
from cashiering.commands import approve_refund, pay_refund, request_refund, set_till_policy
from cashiering.commands.refund_cash import CashNotInDrawer
from cashiering.models import CashMovement
from cashiering.queries import expected_cash
from cashiering.rules.refunds import RefundTooLarge
from hms_ach.money import Money
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def nickels(given) -> None:
    set_till_policy(
        facility=given.facility,
        variance_free_minor=2_00,
        variance_supervisor_minor=20_00,
        void_alone_minor=100_00,
        paid_out_limit_minor=100_00,
        cash_coin_minor=5,
        actor=given.gil,
    )


def paid_back(given, session, payment, minor: int, key: str = "r1"):
    refund = request_refund(
        payment=payment, tender=None, amount=usd(minor), reason="Twice", key=key, actor=given.ben
    )
    approve_refund(refund=refund, actor=given.cora)
    return pay_refund(refund=refund, session=session, actor=session.cashier)


@pytest.mark.parametrize(
    ("due", "tendered", "back", "handed", "rounding"),
    [
        (12_53, 12_55, 12_53, 12_55, 2),
        (12_52, 12_50, 12_52, 12_50, -2),
        (12_55, 12_55, 6_03, 6_05, 2),
        (12_55, 12_55, 2, 0, -2),
    ],
)
def test_cash_goes_back_to_the_smallest_coin_and_what_is_owed_stays_exact(
    due, tendered, back, handed, rounding
):
    given = make.till()
    nickels(given)
    session = make.opened(given)
    payment = make.paid(session, given, make.cash(tendered), minor=due)
    rounded_before = make.balance(given, "rounding.cash").minor

    refund = paid_back(given, session, payment, back)

    session.refresh_from_db()
    assert refund.rounding_minor == rounding
    assert expected_cash(session) == usd(200_00 + tendered - handed) == usd(session.cash_minor)
    assert make.balance(given, "cash.drawer", session.public_id) == expected_cash(session)
    assert make.balance(given, "refund.clearing", refund.public_id) == usd(0)
    assert make.balance(given, "rounding.cash").minor - rounded_before == rounding
    assert make.balance(given, "receivable.patient") == usd(back)
    assert Invoice.objects.get().settled_minor == due - back


def test_no_more_than_was_paid_goes_back_though_cash_lacked_two_cents():
    given = make.till()
    nickels(given)
    session = make.opened(given)
    payment = make.paid(session, given, make.cash(12_50), minor=12_52)

    with pytest.raises(RefundTooLarge):
        paid_back(given, session, payment, 12_53)

    assert payment.tenders.get().refundable_minor == 12_52


def test_foreign_cash_goes_back_in_our_own_currency_unless_the_facility_says_otherwise():
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    payment = make.paid(session, given, make.notes(50_00), minor=52_30)

    paid_back(given, session, payment, 52_30)

    assert expected_cash(session) == usd(145_00)
    assert expected_cash(session, "EUR") == Money(50_00, "EUR")


def test_foreign_notes_go_back_at_the_rate_they_were_taken_at_and_the_rest_in_our_own():
    given = make.till()
    make.taking(given, smallest_minor=5_00, gives_back="SAME")
    session = make.opened(given)
    payment = make.paid(session, given, make.notes(50_00), minor=52_30)
    make.rated(given, "EUR", "1.30")

    refund = paid_back(given, session, payment, 52_30)

    handed = CashMovement.objects.filter(kind="REFUND").order_by("id")
    assert list(handed.values_list("currency", "amount_minor")) == [("EUR", 45_00), ("", 2_80)]
    assert expected_cash(session) == usd(194_50)
    assert expected_cash(session, "EUR") == Money(5_00, "EUR")
    assert make.balance(given, "cash.drawer", session.public_id, "EUR") == Money(5_00, "EUR")
    assert make.balance(given, "refund.clearing", refund.public_id) == usd(0)


def test_notes_that_are_not_in_the_drawer_are_not_given_out_of_it():
    given = make.till()
    make.taking(given, smallest_minor=5_00, gives_back="SAME")
    first = make.opened(given)
    payment = make.paid(first, given, make.notes(50_00), minor=52_30)
    other = make.opened(given, cashier=given.ben, place=make.register(given.facility, actor=given.gil))
    refund = request_refund(
        payment=payment, tender=None, amount=usd(52_30), reason="Twice", key="r2", actor=given.ana
    )
    approve_refund(refund=refund, actor=given.cora)

    with pytest.raises(CashNotInDrawer) as refused:
        pay_refund(refund=refund, session=other, actor=given.ben)

    assert "€45.00" in str(refused.value)
    assert not CashMovement.objects.filter(kind="REFUND").exists()
