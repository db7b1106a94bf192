"""The end of a shift: told before, no new receipts after, and everything that puts right still possible."""

from datetime import timedelta

import pytest
import time_machine

from cashiering.commands import offer_drop, set_till_policy, start_counting, void_payment
from cashiering.commands.shift import ShiftTooLong
from hms_ach import clock
from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db
LIMITS = {
    "variance_free_minor": 2_00,
    "variance_supervisor_minor": 20_00,
    "void_alone_minor": 100_00,
    "paid_out_limit_minor": 50_00,
}


def later(**span):
    return time_machine.travel(clock.now() + timedelta(**span))


def test_after_the_shift_no_receipt_is_taken_but_it_is_put_right_and_closed():
    given = make.till()
    session = make.opened(given)
    receipt = make.paid(session, given, make.cash(40_00))

    with later(hours=12):
        with pytest.raises(ShiftTooLong) as refused:
            make.paid(session, given, make.cash(10_00))
        void_payment(payment=receipt, reason="Wrong", actor=given.ana)
        offer_drop(session=session, amount=Money(1_00, "USD"), bag_number="B1", key="B1", actor=given.ana)

    assert "12 hours" in str(refused.value)


def test_until_the_last_minute_receipts_are_taken():
    given = make.till()
    session = make.opened(given)

    with later(hours=11, minutes=59):
        make.paid(session, given, make.cash(10_00))
        start_counting(session=session, actor=given.ana)


def test_a_facility_without_a_limit_takes_receipts_for_ever():
    given = make.till()
    set_till_policy(facility=given.facility, **LIMITS, shift_hours=None, actor=given.gil)
    session = make.opened(given)

    with later(hours=40):
        make.paid(session, given, make.cash(10_00))


@pytest.mark.parametrize(
    "hours, said", [(9.5, None), (9.7, "The shift ends soon."), (12.1, "The shift is over.")]
)
def test_the_register_tells_the_end_of_the_shift_from_four_fifths_on(hours, said):
    given = make.till()
    make.opened(given)

    with later(hours=hours):
        shown = access.signed_in(given.ana).get("/cashiering/register/").content.decode()

    assert (said in shown) if said else ("The shift" not in shown)


def test_the_limit_is_set_on_the_page_of_limits():
    given = make.till()
    address = f"/cashiering/till-policy/{given.facility.code}/"
    browser = access.signed_in(given.gil)
    limits = {name.removesuffix("_minor"): "50" for name in LIMITS}
    limits |= {"refund_alone": "0", "refund_supervisor": "500", "cheque_fee": "25", "cash_coin": "0.01"}

    assert browser.post(address, {**limits, "shift_hours": "25"}).status_code == 422
    assert browser.post(address, {**limits, "shift_hours": "8"}).status_code == 302

    given.facility.refresh_from_db()
    assert given.facility.till_policy.shift_hours == 8
