"""Bags on their way to the bank, and what is refused before they leave."""

import pytest
from django.db import DatabaseError, connection, transaction

from cashiering.commands import (
    cancel_deposit,
    hand_over_deposit,
    prepare_deposit,
    take_payment,
    verify_deposit,
)
from cashiering.commands.card_batch import TerminalElsewhere
from cashiering.commands.deposit import DepositStateWrong, DepositVerifierPrepared, SessionNotDepositable
from cashiering.models import Register
from hms_ach.money import Money
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def bag(given: make.Till, *sessions: int, cash: int = 40_00):
    return prepare_deposit(
        facility=given.facility,
        sessions=sessions,
        cheques=[],
        declared_cash=Money(cash, "USD"),
        declared_cheques=Money(0, "USD"),
        bag_number="B1",
        slip_number="S1",
        actor=given.cora,
    )


def test_a_session_of_another_facility_and_one_that_never_was_are_refused_alike():
    given, other = make.till(), make.till()
    session = make.opened(other)
    make.paid(session, other, make.cash(40_00))
    make.approved(session, other, 240_00)

    for pk in (session.pk, 999_999_999):
        with pytest.raises(SessionNotDepositable) as refused:
            bag(given, pk)
        assert session.number not in str(refused.value)


def test_nobody_verifies_the_own_bag():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(40_00))
    make.approved(session, given, 240_00)
    deposit = bag(given, session.pk)

    with pytest.raises(DepositVerifierPrepared):
        verify_deposit(deposit=deposit, actor=given.cora)


def test_a_terminal_that_moved_takes_no_card_into_another_facilitys_batch():
    given, other = make.till(), make.till()
    Register.objects.filter(pk=given.register.pk).update(terminal_id="TERM-A")
    make.paid(make.opened(given), given, make.card(40_00))
    Register.objects.filter(pk=given.register.pk).update(terminal_id="")
    Register.objects.filter(pk=other.register.pk).update(terminal_id="TERM-A")
    session = make.opened(other)
    bill = make.invoice(other, 40_00)

    with pytest.raises(TerminalElsewhere):
        take_payment(
            session=session,
            patient=other.patient,
            allocations=[(bill.pk, Money(40_00, "USD"))],
            tenders=[make.card(40_00)],
            key="moved",
            actor=other.ana,
        )


def sealed(given, session):
    return prepare_deposit(
        facility=given.facility,
        sessions=[session.pk],
        cheques=[],
        declared_cash=Money(30_00, "USD"),
        declared_cheques=Money(0, "USD"),
        bag_number=f"BAG{session.pk}",
        slip_number=f"SLIP{session.pk}",
        actor=given.cora,
    )


@pytest.mark.parametrize("is_verified", [False, True])
def test_a_bag_that_fails_verification_is_opened_again_and_its_cash_goes_into_another(is_verified):
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(30_00))
    make.approved(session, given, 230_00)
    bag = sealed(given, session)
    if is_verified:
        verify_deposit(deposit=bag, actor=given.gil)

    with pytest.raises(DepositVerifierPrepared):
        cancel_deposit(deposit=bag, reason="Short", actor=given.cora)
    cancel_deposit(deposit=bag, reason="Ten dollars short", actor=given.gil)

    again = prepare_deposit(
        facility=given.facility,
        sessions=[session.pk],
        cheques=[],
        declared_cash=Money(30_00, "USD"),
        declared_cheques=Money(0, "USD"),
        bag_number="BAGX",
        slip_number="SLIPX",
        actor=given.cora,
    )
    assert (again.state, again.cash_minor) == ("PREPARED", 30_00)
    with pytest.raises(DepositStateWrong):
        verify_deposit(deposit=bag, actor=given.gil)


def test_the_database_keeps_the_cash_of_a_session_in_one_bag_and_a_left_bag_closed():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(30_00))
    make.approved(session, given, 230_00)
    bag = sealed(given, session)

    twice = """INSERT INTO cashiering_depositpart (deposit_id, session_id, cash_minor)
        SELECT deposit_id, session_id, 1 FROM cashiering_depositpart"""
    alone = """UPDATE cashiering_deposit SET state = 'CANCELLED', cancelled_by_id = prepared_by_id,
        cancelled_at = now(), cancel_reason = 'x'"""
    for sql in (twice, alone):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(sql)
    verify_deposit(deposit=bag, actor=given.gil)
    hand_over_deposit(deposit=bag, courier="Van", actor=given.cora)
    with pytest.raises(DepositStateWrong):
        cancel_deposit(deposit=bag, reason="Late", actor=given.gil)
