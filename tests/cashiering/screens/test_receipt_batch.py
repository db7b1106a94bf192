"""Batches that nobody opens: they are there with the first receipt, and tell no drawer's cash."""

import pytest

from cashiering.commands import void_payment
from cashiering.queries.receipt_batch import receipt_batches
from hms_ach.access.models import Department
from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_receipts_fall_into_batches_by_person_day_department_and_kind(django_assert_num_queries):
    given = make.till()
    emergency = Department.objects.create(facility=given.facility, code="ER", name="Emergency")
    other = make.register(given.facility, actor=given.gil, department=emergency)
    ana, ben = make.opened(given), make.opened(given, cashier=given.ben, place=other)
    make.paid(ana, given, make.cash(10_00), make.card(30_00))
    make.paid(ana, given, make.cash(25_00))
    make.paid(ben, given, make.cheque(60_00))
    void_payment(payment=make.paid(ben, given, make.cash(9_00)), reason="Twice", actor=given.ben)

    with django_assert_num_queries(3):
        running = receipt_batches([given.facility], on=ana.business_on)
    make.approved(ana, given, 235_00)
    [counted] = [one for one in receipt_batches([given.facility], on=ana.business_on) if one.kind == "CASH"]

    told = [(one.cashier, one.department, one.kind, one.receipts, one.amount, one.state) for one in running]
    assert told == [
        (given.ana, None, "CASH", 2, None, "OPEN"),
        (given.ana, None, "CARD", 1, Money(30_00, "USD"), "OPEN"),
        (given.ben, emergency, "CHEQUE", 1, Money(60_00, "USD"), "OPEN"),
    ]
    assert (counted.amount, counted.state) == (Money(35_00, "USD"), "CLOSED")


def test_a_batch_opens_its_receipts_for_whoever_may_see_the_cash_book():
    given, elsewhere = make.till(), make.till()
    session = make.opened(given)
    payment = make.paid(session, given, make.card(30_00))
    cora, stranger = access.signed_in(given.cora), access.signed_in(elsewhere.cora)
    url = (
        f"/cashiering/receipt-batches/{given.facility.code}/{session.business_on}/{given.ana.username}/CARD/"
    )

    listed = cora.get("/cashiering/receipt-batches/", {"day": str(session.business_on)}).content.decode()
    shown = cora.get(url).content.decode()

    assert url in listed
    assert payment.receipt_number in shown
    assert str(payment.tenders.get().card_batch) in shown
    assert cora.get(url.replace("CARD", "GOLD")).status_code == 404
    assert stranger.get(url).status_code == 404
    assert access.signed_in(given.ana).get(url).status_code == 403
