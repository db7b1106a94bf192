"""What a refused payment leads the cashier to, without JavaScript."""

import re

import pytest

from cashiering.commands import take_payment
from cashiering.models import Payment
from hms_ach.money import Money
from tests.cashiering.screens.test_register import Browser, fields
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db

PAY = "/cashiering/register/payment/"


def refused(typed: dict) -> tuple[str, str]:
    """What the page says after an invoice of 100.00 is paid like this, and the id of the focused field."""
    given = make.till()
    make.opened(given)
    bill, browser = make.invoice(given, 100_00), Browser(given.ana)
    form = fields(browser.get(f"/cashiering/register/?q={bill.number}"))
    answer = browser.post(PAY, **{**form, **typed})
    assert answer.status_code == 422
    assert not Payment.objects.exists()
    text = answer.content.decode()
    focused = [tag for tag in re.findall(r"<input[^>]*>", text) if "autofocus" in tag]
    assert len(focused) == 1
    found = re.search(r'id="([^"]+)"', focused[0])
    assert found is not None
    return text, found[1]


@pytest.mark.parametrize(
    ("typed", "focus"),
    [
        ({"cash": "60"}, "cash"),
        ({"cash": "60", "card": "ten"}, "card"),
        ({"cheque": "100"}, "cheque_number"),
        ({"transfer": "100"}, "transfer_reference"),
        ({"cash": "100", "prepayment": "-5"}, "prepayment"),
    ],
)
def test_a_refusal_leads_to_the_field_to_put_right(typed, focus):
    assert refused(typed)[1] == focus


def test_a_transfer_is_taken_with_the_reference_that_the_bank_repeats():
    assert "Copy it from the slip" in refused({"transfer": "100"})[0]


def test_less_than_nothing_is_not_kept_on_account():
    assert "Only more than zero can be kept" in refused({"cash": "100", "prepayment": "-5"})[0]


def test_an_amount_beside_an_invoice_that_is_not_ticked_is_not_passed_over():
    given = make.till()
    make.opened(given)
    first, second = make.invoice(given, 30_00), make.invoice(given, 60_00)
    browser = Browser(given.ana)
    form = fields(browser.get(f"/cashiering/register/?patient={given.patient.pk}"))
    typed = {**form, "invoice": [str(first.pk)], f"amount-{second.pk}": "20", "cash": "30"}

    answer = browser.post(PAY, **typed)

    assert answer.status_code == 422
    assert "Not ticked" in answer.content.decode()
    assert not Payment.objects.exists()
    browser.post(PAY, **{**typed, "invoice": [str(first.pk), str(second.pk)], "cash": "50"})
    assert Payment.objects.get().allocations.count() == 2


def test_a_balance_that_moved_beside_an_invoice_not_ticked_is_no_amount_of_the_cashiers():
    given = make.till()
    session = make.opened(given)
    first, second = make.invoice(given, 30_00), make.invoice(given, 60_00)
    browser = Browser(given.ana)
    form = fields(browser.get(f"/cashiering/register/?patient={given.patient.pk}"))
    take_payment(
        session=session,
        patient=given.patient,
        allocations=[(second.pk, Money(10_00, "USD"))],
        tenders=[make.cash(10_00)],
        key="beside",
        actor=given.ana,
    )

    short = browser.post(PAY, **{**form, "invoice": [str(first.pk)], "cash": "20"})
    browser.post(PAY, **{**fields(short), "cash": "30"})

    assert [row.total_minor for row in Payment.objects.order_by("id")] == [10_00, 30_00]
