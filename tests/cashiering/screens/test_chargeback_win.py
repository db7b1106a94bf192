"""Reporting that a chargeback was won, as people type it, and what its page then shows."""

import pytest

from cashiering.commands import close_card_batch, confirm_payment_return, report_payment_return
from cashiering.models import ChargebackWin
from hms_ach import clock
from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make
from tests.make import reconciliation as bank

pytestmark = pytest.mark.django_db


@pytest.fixture
def given():
    given = make.till()
    given.eve, given.today = bank.reviewer(given.facility), clock.today(given.facility.timezone)
    sale = make.paid(make.opened(given), given, make.card(60_00)).tenders.get()
    close_card_batch(batch=sale.card_batch, actor=given.gil)
    found = report_payment_return(
        tender=sale, reason="FRAUD", amount=Money(60_00, "USD"), returned_on=given.today, actor=given.eve
    )
    given.chargeback = confirm_payment_return(payment_return=found, actor=given.gil)
    return given


def test_an_amount_is_typed_as_everywhere_and_the_page_shows_it_in_the_book(given):
    eve = access.signed_in(given.eve)
    eve.post(
        f"/cashiering/payment-returns/{given.chargeback.public_id}/win/",
        {"won_on": given.today.isoformat(), "amount": "20"},
    )
    win = ChargebackWin.objects.get()
    address = f"/cashiering/chargeback-wins/{win.public_id}/"
    access.signed_in(given.cora).post(f"{address}decision/", {"verdict": "confirm"})

    assert win.amount_minor == 20_00
    assert "Chargeback won, receipt" in eve.get(address).content.decode()


def test_a_day_outside_is_refused_with_the_days_that_it_may_be(given):
    answer = access.signed_in(given.eve).post(
        f"/cashiering/payment-returns/{given.chargeback.public_id}/win/", {"won_on": "2020-01-01"}
    )

    assert answer.status_code == 422
    assert f"Give a day from {given.today}" in answer.content.decode()
