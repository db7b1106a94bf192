"""Closing blind, and what a difference leads to."""

import pytest

from cashiering.commands import (
    approve_session,
    approve_variance,
    commit_count,
    count_forced,
    explain_variance,
    force_close,
    open_session,
)
from cashiering.commands.approval import ApproverIsCashier, SessionNotBalanced, VarianceNeedsFinance
from cashiering.models import OverShort, Session
from cashiering.queries import expected_cash
from hms_ach.money import Money
from hms_ach.outbox.models import Event
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_an_exact_count_closes_at_once_and_its_cash_goes_to_the_safe():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(40_00), minor=35_00)

    result = make.counted(session, 235_00)
    approve_session(session=session, actor=given.cora)

    assert result.difference == Money(0, "USD")
    assert make.balance(given, "cash.drawer", session.public_id) == Money(0, "USD")
    assert make.balance(given, "cash.safe") == Money(35_00, "USD")


def test_a_small_difference_is_booked_without_a_recount():
    given = make.till()
    session = make.opened(given)

    result = make.counted(session, 199_00)
    approve_session(session=session, actor=given.cora)

    assert result.difference == Money(-1_00, "USD")
    assert make.balance(given, "cash.over_short") == Money(1_00, "USD")
    assert make.balance(given, "cash.drawer", session.public_id) == Money(0, "USD")
    assert Event.objects.filter(type="cash.over_short").count() == 1


def test_a_larger_difference_asks_for_one_recount_without_saying_how_much():
    given = make.till()
    session = make.opened(given)

    first = make.counted(session, 190_00)
    second = commit_count(session=session, denominations=make.pieces(195_00), actor=given.ana)

    session.refresh_from_db()
    assert (first.needs_recount, first.expected, first.difference) == (True, None, None)
    assert second.difference == Money(-5_00, "USD")
    assert session.state == Session.State.VARIANCE_PENDING
    assert list(session.counts.order_by("id").values_list("kind", "total_minor")) == [
        ("OPENING", 200_00),
        ("CLOSING", 190_00),
        ("RECOUNT", 195_00),
    ]


def test_a_difference_outside_the_band_takes_a_reason_and_another_person():
    given = make.till()
    session = make.opened(given)
    make.counted(session, 190_00)
    commit_count(session=session, denominations=make.pieces(190_00), actor=given.ana)

    with pytest.raises(SessionNotBalanced):
        approve_session(session=session, actor=given.cora)
    explain_variance(session=session, reason="Wrong change in the morning", actor=given.ana)
    with pytest.raises(ApproverIsCashier):
        approve_variance(session=session, actor=given.ana)
    approve_variance(session=session, actor=given.cora)
    approve_session(session=session, actor=given.cora)

    assert make.balance(given, "cash.over_short") == Money(10_00, "USD")
    assert make.balance(given, "cash.drawer", session.public_id) == Money(0, "USD")


def test_a_large_difference_is_approved_by_finance_only():
    given = make.till()
    session = make.opened(given)
    make.counted(session, 100_00)
    commit_count(session=session, denominations=make.pieces(100_00), actor=given.ana)
    explain_variance(session=session, reason="No idea", actor=given.ana)

    with pytest.raises(VarianceNeedsFinance):
        approve_variance(session=session, actor=given.cora)
    approve_variance(session=session, actor=given.gil)

    assert OverShort.objects.get(session=session).approved_by == given.gil


def test_a_forgotten_session_stays_uncounted_until_somebody_counts():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(50_00))

    force_close(session=session, reason="Went home", actor=given.cora)

    session.refresh_from_db()
    assert session.counted_minor is None
    assert make.balance(given, "cash.drawer", session.public_id) == Money(250_00, "USD")
    result = count_forced(session=session, denominations=make.pieces(250_00), actor=given.cora)
    with pytest.raises(ApproverIsCashier):
        approve_session(session=session, actor=given.cora)
    approve_session(session=session, actor=given.gil)
    assert result.difference == Money(0, "USD")


def test_after_a_forced_close_the_cashier_opens_another_drawer_but_not_this_one():
    given = make.till()
    session = make.opened(given)
    force_close(session=session, reason="Went home", actor=given.cora)
    other = make.register(given.facility, actor=given.gil)

    again = open_session(register=other, actor=given.ana)

    assert again.state == Session.State.OPENING


def test_an_opening_difference_is_a_posting_of_its_own_and_not_a_closing_one():
    given = make.till()
    session = open_session(register=given.register, actor=given.ana)
    make.record_opening_count(session=session, denominations=make.pieces(195_00), actor=given.ana)

    result = make.counted(session, 195_00)

    assert expected_cash(session) == Money(195_00, "USD")
    assert result.difference == Money(0, "USD")
    assert make.balance(given, "cash.over_short") == Money(5_00, "USD")
