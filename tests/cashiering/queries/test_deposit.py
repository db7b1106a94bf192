"""What waits for the bank, where notes went back out of the safe or were dropped there."""

import pytest
from django.db import IntegrityError, connection, transaction

from cashiering.commands import (
    accept_transfer,
    approve_cash_currency,
    approve_refund,
    approve_session,
    ask_cash_currency,
    hand_over_deposit,
    offer_top_up,
    pay_refund,
    prepare_deposit,
    request_refund,
    verify_deposit,
)
from cashiering.commands.deposit import DepositIncomplete
from cashiering.queries import awaiting_bank, safe_holds, sessions_in_bag, waiting
from cashiering.queries.deposit import depositable, foreign_undeposited
from hms_ach.money import Money
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db

EUR_50 = Money(50_00, "EUR")


def taken():
    """A drawer with 197.30 dollars and 50 euros in it."""
    given = make.till()
    make.taking(given)
    session = make.opened(given)
    make.paid(session, given, make.notes(50_00), minor=52_30)
    return given, session


def given_back_out_of_the_safe():
    """Fifty euros taken and approved; a colleague, topped up with forty-five of them, gives those back."""
    given, session = taken()
    asked = ask_cash_currency(
        facility=given.facility, currency="EUR", smallest_minor=5_00, gives_back="SAME", actor=given.cora
    )
    approve_cash_currency(rule=asked, actor=given.gil)
    payment = session.payments.get()
    make.approved(session, given, 197_30, EUR=50_00)
    other = make.opened(given, cashier=given.ben, place=make.register(given.facility, actor=given.gil))
    brought = offer_top_up(
        session=other, denominations=make.pieces(45_00, "EUR"), currency="EUR", key="t1", actor=given.cora
    )
    accept_transfer(transfer=brought, denominations=make.pieces(45_00, "EUR"), actor=given.ben)
    refund = request_refund(
        payment=payment, tender=None, amount=Money(52_30, "USD"), reason="Twice", key="r1", actor=given.ben
    )
    approve_refund(refund=refund, actor=given.gil)
    pay_refund(refund=refund, session=other, actor=given.ben)
    make.counted(other, 197_20, EUR=0)
    approve_session(session=other, actor=given.gil)
    return given, session, other


def test_notes_given_back_out_of_the_safe_lower_the_next_bag_to_what_is_there():
    given, session, other = given_back_out_of_the_safe()
    here = {"facility": given.facility, "cheques": [], "actor": given.cora}

    assert [cash for _one, cash in depositable(given.facility, "EUR").sessions] == [
        EUR_50,
        Money(-45_00, "EUR"),
    ]
    assert safe_holds(given.facility, "EUR") == Money(5_00, "EUR")
    with pytest.raises(DepositIncomplete):
        prepare_deposit(
            **here, sessions=[other.pk], declared_cash=Money(0, "EUR"), bag_number="E1", slip_number="E1"
        )
    bag = prepare_deposit(
        **here,
        sessions=[session.pk, other.pk],
        declared_cash=Money(5_00, "EUR"),
        bag_number="E1",
        slip_number="E1",
    )
    verify_deposit(deposit=bag, actor=given.gil)
    hand_over_deposit(deposit=bag, courier="Brinks", actor=given.cora)

    assert safe_holds(given.facility, "EUR") == Money(0, "EUR")
    assert [one.amount for one in awaiting_bank()] == [Money(5_00, "EUR")]
    assert [one.cash for one in sessions_in_bag(bag.public_id)] == [EUR_50, Money(-45_00, "EUR")]
    assert not foreign_undeposited([given.facility.pk]).exists()


def test_the_database_refuses_a_bag_whose_parts_are_not_its_cash():
    given, session, other = given_back_out_of_the_safe()
    bag = prepare_deposit(
        facility=given.facility,
        sessions=[session.pk],
        cheques=[],
        declared_cash=EUR_50,
        bag_number="E1",
        slip_number="E1",
        actor=given.cora,
    )

    added = """SET CONSTRAINTS ALL IMMEDIATE;
        INSERT INTO cashiering_depositpart (deposit_id, session_id, cash_minor) VALUES (%s, %s, -4500)"""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(added, [bag.pk, other.pk])


def test_notes_that_were_all_dropped_to_the_safe_wait_for_the_bank_too():
    given, session = taken()
    make.dropped(session, given.gil, EUR_50)

    make.approved(session, given, 197_30, EUR=0)

    found = foreign_undeposited([given.facility.pk]).get()
    assert (found.total_minor, found.to_bank_minor) == (0, 50_00)
    rows = {one.title: one.count for one in waiting(given.cora, [given.facility.pk])}
    assert rows["Foreign cash to deposit"] == 1
