"""Cash in and out of a drawer: the witness is real, a key is one movement."""

import pytest

from cashiering.commands import record_movement, void_payment
from cashiering.commands.movement import DrawerTooLittle, MovementKeyReused, WitnessElsewhere
from cashiering.models import CashMovement
from cashiering.queries import expected_cash
from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def drop(session, minor, *, witness, key="drop"):
    return record_movement(
        session=session,
        kind="DROP",
        amount=Money(minor, "USD"),
        reason="",
        bag_number="D1",
        witness=witness,
        key=key,
        actor=session.cashier,
    )


def test_a_witness_from_elsewhere_is_refused():
    given = make.till()
    session = make.opened(given)

    with pytest.raises(WitnessElsewhere):
        drop(session, 50_00, witness=access.user("CASHIER"))


def test_a_key_with_another_amount_is_refused_and_the_same_one_is_one_movement():
    given = make.till()
    session = make.opened(given)
    first = drop(session, 50_00, witness=given.cora)

    again = drop(session, 50_00, witness=given.cora)
    with pytest.raises(MovementKeyReused):
        drop(session, 60_00, witness=given.cora)

    assert again == first
    assert CashMovement.objects.filter(kind="DROP").count() == 1


def test_a_key_of_another_session_is_refused():
    given = make.till()
    session = make.opened(given)
    other = make.opened(given, cashier=given.ben, place=make.register(given.facility, actor=given.gil))
    drop(session, 50_00, witness=given.cora)

    with pytest.raises(MovementKeyReused):
        drop(other, 50_00, witness=given.cora)


def test_cash_that_left_the_drawer_cannot_be_given_back_by_a_void():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, make.cash(100_00))
    drop(session, 250_00, witness=given.cora)

    with pytest.raises(DrawerTooLittle):
        void_payment(payment=payment, reason="Wrong", actor=given.ana)

    session.refresh_from_db()
    assert session.cash_minor == expected_cash(session).minor == 50_00
