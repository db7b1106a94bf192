"""Agreement in place: another person's code, both names, the reason, before and after."""

import pytest
from django.db import IntegrityError, transaction

from cashiering.commands import (
    approve_refund_in_place,
    confirm_cheque_return,
    correct_tenders,
    pay_refund,
    report_cheque_return,
    request_refund,
    take_payment,
    void_payment,
)
from cashiering.commands.agreement import DrawerFull
from cashiering.commands.cheque_block import ChequeBlocked
from cashiering.commands.override import AgreementUnfit
from cashiering.commands.void_refusal import VoidNeedsSecondPerson
from cashiering.models import Override
from hms_ach.access.commands import Agreement
from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_a_large_void_is_agreed_to_at_the_screen():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(100_01))
    stranger = access.user("HEAD_CASHIER")

    for person in (given.ana, given.ben, stranger):
        with pytest.raises(AgreementUnfit):
            void_payment(payment=payment, reason="Wrong", actor=given.ana, agreed=Agreement(person, "PIN"))
    with pytest.raises(VoidNeedsSecondPerson):
        void_payment(payment=payment, reason="Wrong", actor=given.ana)
    void = void_payment(
        payment=payment, reason="Wrong", actor=given.ana, agreed=Agreement(given.cora, "BADGE")
    )

    row = Override.objects.get()
    assert (void.voided_by, void.approved_by) == (given.ana, given.cora)
    assert (row.asked_by, row.agreed_by, row.way, row.reason) == (given.ana, given.cora, "BADGE", "Wrong")
    assert (row.before, row.after) == ({"state": "RECEIVED"}, {"state": "VOIDED"})


def test_a_large_correction_keeps_both_tenders():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(100_01))

    correct_tenders(
        payment=payment,
        tenders=[make.cheque(100_01)],
        reason="Cheque",
        key="c",
        actor=given.ana,
        agreed=Agreement(given.cora, "PIN"),
    )

    row = Override.objects.get()
    assert (row.before["tenders"], row.after["tenders"]) == ([["CASH", "100.01"]], [["CHEQUE", "100.01"]])


def test_a_refund_is_agreed_to_and_paid_by_the_cashier():
    given = make.till()
    session = make.opened(given)
    payment = make.paid(session, given, make.cash(40_00))
    refund = request_refund(
        payment=payment, tender=None, amount=Money(10_00, "USD"), reason="Twice", key="r", actor=given.ana
    )

    with pytest.raises(AgreementUnfit):
        approve_refund_in_place(
            refund=refund, session=session, agreed=Agreement(given.ben, "PIN"), actor=given.ana
        )
    approve_refund_in_place(
        refund=refund, session=session, agreed=Agreement(given.cora, "PIN"), actor=given.ana
    )
    paid = pay_refund(refund=refund, session=session, actor=given.ana)

    assert (paid.state, paid.approved_by, Override.objects.get().action) == ("SETTLED", given.cora, "REFUND")


def test_a_blocked_cheque_is_taken_when_another_agrees():
    given = make.till()
    session = make.opened(given)
    bad = make.paid(session, given, make.cheque(40_00))
    returned = report_cheque_return(
        tender=bad.tenders.get(), reason="CLOSED", returned_on=bad.business_on, actor=given.cora
    )
    confirm_cheque_return(cheque_return=returned, actor=given.gil)
    bill = make.invoice(given, 30_00)
    ask = {
        "session": session,
        "patient": given.patient,
        "allocations": [(bill.pk, Money(30_00, "USD"))],
        "tenders": [make.cheque(30_00, "1002")],
        "key": "again",
        "actor": given.ana,
    }

    with pytest.raises(ChequeBlocked):
        take_payment(**ask)
    payment = take_payment(**ask, agreed=Agreement(given.cora, "BADGE"))

    assert Override.objects.get().payment == payment


def test_a_drawer_above_its_limit_takes_one_more_cash_receipt_when_another_agrees():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(850_00))
    bills = [make.invoice(given, 30_00) for _ in range(2)]
    asks = [
        {
            "session": session,
            "patient": given.patient,
            "allocations": [(bill.pk, Money(30_00, "USD"))],
            "tenders": [make.cash(30_00)],
            "key": f"more{bill.pk}",
            "actor": given.ana,
        }
        for bill in bills
    ]

    with pytest.raises(DrawerFull):
        take_payment(**asks[0])
    with pytest.raises(AgreementUnfit):
        take_payment(**asks[0], agreed=Agreement(given.ben, "PIN"))
    make.paid(session, given, make.card(40_00))
    more = take_payment(**asks[0], agreed=Agreement(given.cora, "PIN"))
    with pytest.raises(DrawerFull):
        take_payment(**asks[1])
    make.dropped(session, given.cora, 500_00)
    take_payment(**asks[1])

    row = Override.objects.get()
    assert (row.action, row.payment, row.agreed_by) == ("LIMIT", more, given.cora)
    assert row.before == {"limit_minor": 1_000_00}


def test_a_receipt_above_the_limit_is_still_put_right_with_cash():
    given = make.till()
    session = make.opened(given)
    wrong = make.paid(session, given, make.card(30_00))
    make.paid(session, given, make.cash(900_00))

    again = correct_tenders(
        payment=wrong, tenders=[make.cash(30_00)], reason="Paid in cash", key="c", actor=given.ana
    )

    assert again.tenders.get().kind == "CASH"


def test_the_database_knows_that_one_does_not_agree_with_oneself():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(100_01))
    void_payment(payment=payment, reason="Wrong", actor=given.ana, agreed=Agreement(given.cora, "PIN"))
    row = Override.objects.get()
    row.pk, row.public_id, row.agreed_by = None, "ovr_x", given.ana

    with pytest.raises(IntegrityError, match="by_another"), transaction.atomic():
        row.save(force_insert=True)


def test_who_works_at_the_desk_but_not_where_the_money_came_in_agrees_to_nothing():
    here, there = make.till(), make.till()
    eve = access.user("CASHIER", facilities=[here.facility, there.facility])
    session = make.opened(here, cashier=eve)
    payment = make.paid(make.opened(there), there, make.cash(40_00))
    refund = request_refund(
        payment=payment, tender=None, amount=Money(10_00, "USD"), reason="Twice", key="r", actor=eve
    )

    with pytest.raises(AgreementUnfit):
        approve_refund_in_place(refund=refund, session=session, agreed=Agreement(here.cora, "PIN"), actor=eve)
