"""A drawer over midnight, over the changes of the clock, and under a clock that goes back."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine

from cashiering.commands import (
    approve_session,
    count_forced,
    force_close,
    request_refund,
    set_till_policy,
)
from cashiering.commands.shift import ShiftTooLong
from cashiering.models import Payment, Session, ZRead
from cashiering.queries import day_state, expected_cash
from hms_ach.money import Money
from ledger.commands import open_period
from tests.make import access, billing
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db
NEW_YORK = ZoneInfo("America/New_York")


def at(text: str, *, fold: int = 0) -> datetime:
    """The moment that a clock in New York shows; fold 1 is the second of two equal hours."""
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK, fold=fold)


def till_of(moment: datetime, *days: str):
    """A till whose books are open in the months that the test lives in."""
    given = make.till()
    months = {datetime.fromisoformat(day).date().replace(day=1) for day in days} | {
        billing.DAY.replace(day=1)
    }
    for month in sorted(months - {moment.date().replace(day=1)}):
        open_period(legal_entity=given.facility.legal_entity, starts_on=month, actor=None)
    return given


@pytest.mark.parametrize(
    "opens, pays, hours",
    [
        (at("2026-03-12T23:30"), at("2026-03-13T00:30"), 1),
        (at("2026-03-07T23:00"), at("2026-03-08T03:30"), 3.5),
        (at("2026-10-31T23:00"), at("2026-11-01T01:30"), 2.5),
        (at("2026-10-31T23:00"), at("2026-11-01T01:30", fold=1), 3.5),
        (at("2026-12-31T23:30"), at("2027-01-01T00:30"), 1),
    ],
    ids=["midnight", "spring-forward", "fall-back, first hour", "fall-back, second hour", "new-year"],
)
def test_a_session_keeps_its_business_day_and_its_numbers_over_midnight_and_changed_clocks(
    opens, pays, hours
):
    with time_machine.travel(opens):
        given = till_of(opens, str(pays.date()))
        session = make.opened(given)
        first = make.paid(session, given, make.cash(10_00))
    with time_machine.travel(pays):
        second = make.paid(session, given, make.cash(40_00))
        closed = make.approved(session, given, 250_00)
    with time_machine.travel(pays.replace(hour=7)):
        other = make.opened(given, cashier=given.ben)

    assert {session.business_on, first.business_on, second.business_on} == {opens.date()}
    assert second.receipt_number == first.receipt_number.replace("000001", "000002")
    assert ZRead.objects.get(session=session).number == 1
    assert (other.business_on, other.number[-5:]) == (
        pays.date(),
        "S0001" if pays.year > opens.year else "S0002",
    )
    spent = (closed.closed_at - closed.opened_at) / timedelta(hours=1)
    assert spent == pytest.approx(hours, abs=0.01)
    assert day_state(given.facility, opens.date()).is_done
    assert day_state(given.facility, pays.date()).items[0].public_id == other.public_id


@pytest.mark.parametrize(
    "last, over",
    [(("2026-03-08T11:59", 0), "2026-03-08T12:01"), (("2026-11-01T09:59", 0), "2026-11-01T10:01")],
    ids=["spring-forward", "fall-back"],
)
def test_twelve_hours_at_the_desk_are_twelve_hours_in_a_night_that_is_longer_or_shorter(last, over):
    opens = at("2026-03-07T23:00") if last[0].startswith("2026-03") else at("2026-10-31T23:00")
    with time_machine.travel(opens):
        given = till_of(opens, last[0])
        session = make.opened(given)

    with time_machine.travel(at(last[0])):
        make.paid(session, given, make.cash(10_00))
    with time_machine.travel(at(over)), pytest.raises(ShiftTooLong) as refused:
        make.paid(session, given, make.cash(10_00))

    assert "Count and close it" in str(refused.value)


def test_a_clock_that_goes_back_neither_moves_the_day_nor_repeats_a_number():
    with time_machine.travel(at("2026-03-13T00:05")):
        given = till_of(at("2026-03-13T00:05"))
        session = make.opened(given)
        first = make.paid(session, given, make.cash(10_00))
    with time_machine.travel(at("2026-03-12T21:00")):
        second = make.paid(session, given, make.cash(40_00))
        shown = access.signed_in(given.ana).get("/cashiering/register/")
        closed = make.approved(session, given, 250_00)

    numbers = list(Payment.objects.order_by("id").values_list("receipt_number", flat=True))
    assert numbers == [first.receipt_number, second.receipt_number]
    assert numbers == sorted(set(numbers))
    assert second.business_on == session.business_on == at("2026-03-12T12:00").date()
    assert shown.status_code == 200
    assert closed.state == "APPROVED"
    assert closed.closed_at < closed.opened_at
    assert expected_cash(closed) == Money(250_00, "USD")


def test_a_clock_that_goes_back_does_not_renew_what_a_cashier_gives_back_alone():
    with time_machine.travel(at("2026-03-12T15:00")):
        given = till_of(at("2026-03-12T15:00"))
        limits = {"variance_free_minor": 0, "variance_supervisor_minor": 0, "void_alone_minor": 0}
        set_till_policy(
            facility=given.facility,
            paid_out_limit_minor=0,
            refund_alone_minor=10_00,
            actor=given.gil,
            **limits,
        )
        session = make.opened(given)
        payments = [make.paid(session, given, make.cash(20_00)) for _ in range(2)]

    with time_machine.travel(at("2026-03-12T13:00")):
        states = [
            request_refund(
                payment=payment,
                tender=None,
                amount=Money(6_00, "USD"),
                reason="Twice",
                key=payment.public_id,
                actor=given.ana,
            ).state
            for payment in payments
        ]

    assert states == ["APPROVED", "REQUESTED"]


def test_a_session_that_is_forced_after_midnight_stays_of_its_day_and_its_drawer_is_the_next_days():
    with time_machine.travel(at("2026-03-12T22:00")):
        given = till_of(at("2026-03-12T22:00"))
        session = make.opened(given)
        make.paid(session, given, make.cash(40_00))
    with time_machine.travel(at("2026-03-13T05:00")):
        force_close(session=session, reason="Went home", actor=given.cora)
        waiting = day_state(given.facility, session.business_on).is_done
        count_forced(session=session, denominations=make.pieces(240_00), actor=given.ben)
        approve_session(session=session, actor=given.gil)
        other = make.opened(given, cashier=given.ben)

    session.refresh_from_db()
    assert not waiting
    assert (session.state, str(session.business_on)) == ("APPROVED", "2026-03-12")
    assert (str(other.business_on), Session.objects.count()) == ("2026-03-13", 2)
