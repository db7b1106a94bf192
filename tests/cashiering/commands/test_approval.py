"""The second person, and drawers left behind: nothing is lost and nothing is approved by oneself."""

import pytest

from cashiering.commands import (
    approve_session,
    approve_variance,
    commit_count,
    count_forced,
    force_close,
    open_session,
    prepare_deposit,
    record_opening_count,
    start_counting,
)
from cashiering.commands.approval import ApproverIsCashier, VarianceNeedsFinance
from cashiering.models import Session
from cashiering.queries import expected_cash
from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def head(given):
    return access.user("HEAD_CASHIER", facilities=[given.facility])


def test_a_drawer_forced_before_its_float_was_counted_expects_the_float():
    given = make.till()
    session = open_session(register=given.register, actor=given.ana)
    force_close(session=session, reason="Went home", actor=given.cora)

    result = count_forced(session=session, denominations=make.pieces(200_00), actor=given.cora)
    approve_session(session=session, actor=head(given))

    assert result.expected == result.counted == usd(200_00)
    assert make.balance(given, "cash.drawer") == make.balance(given, "cash.over_short") == usd(0)
    assert make.balance(given, "cash.safe") == usd(0)


def test_a_forced_drawers_cheques_are_ticked_by_whoever_counts_and_reach_the_bank():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, make.cheque(80_00))
    cheque = payment.tenders.get().pk
    force_close(session=session, reason="Ill", actor=given.cora)
    count_forced(
        session=session, denominations=make.pieces(200_00), actor=given.cora, ticked_cheques=[cheque]
    )
    approve_session(session=session, actor=head(given))

    deposit = _bag(given, cheques=[cheque], paper=80_00)

    assert deposit.cheques_minor == 80_00


def test_a_cheque_that_was_not_ticked_is_found_at_the_approval():
    given = make.till()
    session = make.opened(given)
    cheque = make.paid(session, given, make.cheque(80_00)).tenders.get().pk
    make.counted(session, 200_00)

    approve_session(session=session, actor=given.cora, found_cheques=[cheque])

    assert _bag(given, cheques=[cheque], paper=80_00).cheques_minor == 80_00


def _bag(given, *, cheques, paper):
    return prepare_deposit(
        facility=given.facility,
        sessions=[],
        cheques=cheques,
        declared_cash=usd(0),
        declared_cheques=usd(paper),
        bag_number="B1",
        slip_number="S1",
        actor=given.cora,
    )


def test_a_float_counted_far_too_low_is_not_a_head_cashiers_to_approve():
    given = make.till()
    session = open_session(register=given.register, actor=given.ana)
    record_opening_count(session=session, denominations=make.pieces(150_00), actor=given.ana)
    make.counted(session, 150_00)

    with pytest.raises(VarianceNeedsFinance):
        approve_session(session=session, actor=given.cora)
    approve_session(session=session, actor=given.gil)

    assert Session.objects.get().state == "APPROVED"
    assert make.balance(given, "cash.over_short") == usd(50_00)


def test_the_witness_of_a_drop_does_not_approve_the_session():
    given = make.till()
    session = make.opened(given)
    make.dropped(session, given.cora, 50_00)
    make.counted(session, 150_00)

    with pytest.raises(ApproverIsCashier):
        approve_session(session=session, actor=given.cora)


@pytest.mark.parametrize("counted", [120_00, 280_00])
def test_over_and_short_leave_the_drawer_at_zero_and_the_difference_on_its_account(counted):
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(10_00))
    start_counting(session=session, actor=given.ana)
    for _count in range(2):
        commit_count(session=session, denominations=make.pieces(counted), actor=given.ana)
    approve_variance(session=session, reason="Unknown", actor=given.gil)
    approve_session(session=session, actor=given.cora)

    assert make.balance(given, "cash.drawer", session.public_id) == usd(0)
    assert make.balance(given, "cash.over_short") == usd(210_00 - counted)
    assert make.balance(given, "cash.safe") == usd(counted - 200_00)
    assert expected_cash(session) == usd(210_00)
