"""Putting a receipt right on the screens."""

import pytest

from cashiering.models import Override, Payment, Reallocation
from tests.cashiering.gateways.test_terminal import terminal
from tests.cashiering.screens.test_register import Browser, fields
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def address():
    with terminal() as found:
        yield found


def test_a_tender_is_corrected_from_the_receipt():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    browser = Browser(given.ana)
    url = f"/cashiering/payments/{payment.public_id}/"
    assert f"{url}tender-correction/" in browser.get(url).content.decode()

    refused = browser.post(f"{url}tender-correction/", key="k", rest="cheque", reason="Cheque")
    browser.post(
        f"{url}tender-correction/",
        key="k",
        rest="cheque",
        cheque_number="77",
        cheque_bank="First Bank",
        reason="Cheque",
    )

    again = Payment.objects.get(corrects__void__payment=payment)
    assert "without number or bank" in refused.content.decode()
    assert again.tenders.get().reference == "77"
    assert again.receipt_number in browser.get(url).content.decode()


def test_cash_that_was_a_card_is_charged_at_the_terminal_first(address):
    given = make.till(terminal_address=address)
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    declined = make.paid(payment.session, given, make.cash(40_05))
    browser = Browser(given.ana)

    for wrong in (payment, declined):
        url = f"/cashiering/payments/{wrong.public_id}/tender-correction/"
        browser.post(url, key=f"k{wrong.pk}", rest="card", reason="Card")

    again = Payment.objects.get(corrects__void__payment=payment)
    assert again.tenders.get().terminal_request.state == "APPROVED"
    assert not hasattr(Payment.objects.get(pk=declined.pk), "void")


def test_who_agreed_still_counts_when_the_terminal_has_charged_the_card(address):
    given = make.till(terminal_address=address)
    payment = make.paid(make.opened(given), given, make.cash(200_00))
    access.badge(given.cora, "HMS-0042-77")

    Browser(given.ana).post(
        f"/cashiering/payments/{payment.public_id}/tender-correction/",
        key="k",
        rest="card",
        reason="Card",
        second_badge="HMS-0042-77",
    )

    assert Payment.objects.get(corrects__void__payment=payment).tenders.get().kind == "CARD"
    assert Override.objects.get().agreed_by == given.cora


def test_money_is_laid_elsewhere_by_another_person():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    right = make.invoice(given, 60_00)
    url = f"/cashiering/payments/{payment.public_id}/reallocation/"
    browser = Browser(given.cora)
    source = payment.allocations.get().invoice.public_id
    typed = {"from": source, "reason": "Wrong patient", "key": "k"}

    refused = browser.post(url, **typed, to="NONE-1")
    unnamed = browser.post(url, **typed, to="")
    negative = browser.post(url, **typed, to=right.number, amount="-15")
    browser.post(url, **typed, to=right.number.lower(), amount="15")

    assert "There is no invoice NONE-1" in refused.content.decode()
    assert "Write the number of the invoice" in unnamed.content.decode()
    assert "−$15.00 cannot be laid elsewhere" in negative.content.decode()
    assert Reallocation.objects.get().amount_minor == 15_00
    assert right.number in browser.get(f"/cashiering/payments/{payment.public_id}/").content.decode()
    assert Browser(given.ana).get(url).status_code == 403


def test_a_part_payment_is_laid_against_the_oldest_first():
    given = make.till()
    make.opened(given)
    first, second = make.invoice(given, 30_00), make.invoice(given, 60_00)
    browser = Browser(given.ana)
    typed = fields(browser.get(f"/cashiering/register/?patient={given.patient.pk}"))

    spread = browser.post("/cashiering/register/payment/", **typed, cash="50", spread="1")
    browser.post("/cashiering/register/payment/", **fields(spread), cash="50")

    laid = Payment.objects.get().allocations.values_list("invoice_id", "amount_minor").order_by("invoice_id")
    assert list(laid) == [(first.pk, 30_00), (second.pk, 20_00)]
