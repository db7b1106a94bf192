"""Cash in and out of a drawer: a key is one movement, and no answer tells what the drawer should hold."""

import pytest

from cashiering.commands import record_movement, void_payment
from cashiering.commands.movement import MovementKeyReused, PaidOutAboveLimit
from cashiering.models import CashMovement
from cashiering.queries import expected_cash
from hms_ach.money import Money
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def paid_out(session, minor, *, key="out"):
    return record_movement(
        session=session,
        kind="PAID_OUT",
        amount=Money(minor, "USD"),
        reason="Stamps",
        key=key,
        actor=session.cashier,
    )


def test_a_key_with_another_amount_is_refused_and_the_same_one_is_one_movement():
    given = make.till()
    session = make.opened(given)
    first = paid_out(session, 50_00)

    again = paid_out(session, 50_00)
    with pytest.raises(MovementKeyReused):
        paid_out(session, 60_00)

    assert again == first
    assert CashMovement.objects.filter(kind="PAID_OUT").count() == 1


def test_a_key_of_another_session_is_refused():
    given = make.till()
    session = make.opened(given)
    other = make.opened(given, cashier=given.ben, place=make.register(given.facility, actor=given.gil))
    paid_out(session, 50_00)

    with pytest.raises(MovementKeyReused):
        paid_out(other, 50_00)


def test_only_the_limit_of_the_policy_is_told_never_what_the_drawer_should_hold():
    given = make.till()
    session = make.opened(given)

    for number in range(3):
        paid_out(session, 100_00, key=f"out{number}")
    with pytest.raises(PaidOutAboveLimit):
        paid_out(session, 100_01, key="more")

    session.refresh_from_db()
    assert session.cash_minor == expected_cash(session).minor == -100_00


def test_cash_that_left_the_drawer_does_not_stop_a_void():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, make.cash(100_00))
    make.dropped(session, given.cora, 250_00)

    void_payment(payment=payment, reason="Wrong", actor=given.ana)

    session.refresh_from_db()
    book = make.balance(given, "cash.drawer", session.public_id)
    assert session.cash_minor == expected_cash(session).minor == book.minor == -50_00
