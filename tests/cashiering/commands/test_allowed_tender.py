"""A register takes and gives back only its own kinds of tender; all of them where none is named."""

import pytest
from django.db import DatabaseError, connection, transaction

from cashiering.commands import (
    approve_refund,
    ask_card_sale,
    change_register,
    correct_tenders,
    pay_refund,
    request_refund,
)
from cashiering.models import Payment, Tender, TerminalRequest
from cashiering.rules.tenders import TenderNotAtRegister, TenderUnknown
from hms_ach.money import Money
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def allow(given, *kinds: str, **changed) -> None:
    place = given.register
    now = {
        "name": place.name,
        "default_float_minor": place.default_float_minor,
        "drawer_limit_minor": place.drawer_limit_minor,
        "terminal_id": place.terminal_id,
        "terminal_address": place.terminal_address,
        "printer_address": place.printer_address,
        "is_active": True,
    }
    change_register(register=place, allowed_tenders=kinds, actor=given.gil, **{**now, **changed})


def test_what_is_not_allowed_is_refused_alone_and_as_a_part_and_says_what_is():
    given = make.till()
    allow(given, "CARD", "CASH")
    session = make.opened(given)

    for tenders in ([make.cheque(40_00)], [make.cash(20_00), make.cheque(20_00)]):
        with pytest.raises(TenderNotAtRegister) as refused:
            make.paid(session, given, *tenders)
        assert "does not take or give back cheques, only cash, cards" in str(refused.value)

    assert not Payment.objects.exists()
    assert make.paid(session, given, make.cash(20_00), make.card(20_00)).total_minor == 40_00


def test_none_named_is_all_of_them_and_an_unknown_one_is_refused():
    given = make.till()
    allow(given)

    with pytest.raises(TenderUnknown):
        allow(given, "GOLD")

    assert given.register.takes == ("CASH", "CARD", "CHEQUE", "TRANSFER", "ACCOUNT")
    assert make.paid(make.opened(given), given, make.cheque(40_00)).total_minor == 40_00


def test_a_card_is_not_charged_where_cards_are_not_taken():
    given = make.till(terminal_address="simulator")
    allow(given, "CASH")
    session = make.opened(given)

    with pytest.raises(TenderNotAtRegister):
        ask_card_sale(session=session, amount=Money(1_00, "USD"), intent={}, key="k", actor=given.ana)

    assert not TerminalRequest.objects.exists()


def test_cash_goes_not_back_at_a_register_without_cash():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, make.cash(40_00))
    refund = request_refund(
        payment=payment, tender=None, amount=Money(10_00, "USD"), reason="Twice", key="r", actor=given.ana
    )
    approve_refund(refund=refund, actor=given.cora)
    allow(given, "CARD")

    with pytest.raises(TenderNotAtRegister):
        pay_refund(refund=refund, session=session, actor=given.ana)
    allow(given, "CARD", "CASH")

    assert pay_refund(refund=refund, session=session, actor=given.ana).state == "SETTLED"


def test_a_receipt_is_not_issued_again_with_a_tender_that_is_not_taken():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    allow(given, "CASH")

    with pytest.raises(TenderNotAtRegister):
        correct_tenders(
            payment=payment, tenders=[make.cheque(40_00)], reason="Cheque", key="c", actor=given.ana
        )

    assert not hasattr(Payment.objects.get(), "void")


def test_the_database_books_no_tender_that_the_register_does_not_take():
    given = make.till()
    make.paid(make.opened(given), given, make.cheque(40_00))
    allow(given, "CASH")
    copied = [one.column for one in Tender._meta.fields if one.column not in ("id", "line")]
    names = ", ".join(copied)

    with pytest.raises(DatabaseError) as refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO cashiering_tender (line, {names}) SELECT line + 1, {names} FROM cashiering_tender"
        )

    assert "this register does not take this tender" in str(refused.value)


def test_money_on_account_is_not_drawn_where_it_is_not_taken():
    given = make.till()
    allow(given, "CASH")
    session = make.opened(given)
    bill = make.invoice(given, 5_00)

    with pytest.raises(TenderNotAtRegister) as refused:
        make.take_payment(
            session=session,
            patient=given.patient,
            allocations=[(bill.pk, Money(5_00, "USD"))],
            tenders=[make.TenderGiven("ACCOUNT", Money(5_00, "USD"))],
            key="a",
            actor=given.ana,
        )

    assert "money on account" in str(refused.value)
