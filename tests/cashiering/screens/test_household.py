"""One tender for several patients of one guarantor."""

import pytest

from billing.models import Invoice
from cashiering.models import Allocation, Credit, Payment
from cashiering.queries import expected_cash
from hms_ach.money import Money
from tests.cashiering.screens.test_register import Browser, fields
from tests.make import billing
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def household(given: make.Till) -> list[Invoice]:
    """The guarantor owes 30.00, two children for whom she answers 20.00 and 50.00; a neighbour owes too."""
    children = [
        billing.patient(given.facility, given.dan, name=name, guarantor_id=given.patient.pk)
        for name in ("Tim Okafor", "Zoe Okafor")
    ]
    people = [given.patient, *children, billing.patient(given.facility, given.dan, name="Bo Neighbour")]
    minors = [30_00, 20_00, 50_00, 70_00]
    return [
        billing.issued(given.facility, person, given.dan, minor)
        for person, minor in zip(people, minors, strict=True)
    ]


def test_one_tender_pays_the_bills_of_all_for_whom_a_guarantor_answers_and_of_nobody_else():
    given = make.till()
    session = make.opened(given)
    bills = household(given)
    browser = Browser(given.ana)

    page = browser.get(f"/cashiering/register/?patient={given.patient.pk}")
    browser.post("/cashiering/register/payment/", **fields(page), cash="110")

    payment = Payment.objects.get()
    paid = Allocation.objects.filter(payment=payment).values_list("invoice_id", "amount_minor")
    assert dict(paid) == {bill.pk: bill.total_minor for bill in bills[:3]}
    left = [bill.total_minor - bill.settled_minor for bill in Invoice.objects.order_by("id")]
    assert left == [0, 0, 0, 70_00]
    assert [(one.kind, one.amount_minor, one.change_minor) for one in payment.tenders.all()] == [
        ("CASH", 100_00, 10_00)
    ]
    assert expected_cash(session) == Money(300_00, "USD")
    assert make.balance(given, "receivable.patient") == Money(70_00, "USD")


def test_a_childs_bill_is_chosen_alone_and_the_rest_of_the_tender_stays_the_payers_own():
    given = make.till()
    make.opened(given)
    bills = household(given)
    browser = Browser(given.ana)

    typed = fields(browser.get(f"/cashiering/register/?patient={given.patient.pk}"))
    typed["invoice"] = [str(bills[1].pk)]
    browser.post(
        "/cashiering/register/payment/", **typed, cheque="25", cheque_number="7", cheque_bank="First Bank"
    )

    paid = Allocation.objects.values_list("invoice_id", "amount_minor")
    assert list(paid) == [(bills[1].pk, 20_00)]
    kept = Credit.objects.get()
    assert (kept.patient, kept.amount_minor) == (given.patient, 5_00)
