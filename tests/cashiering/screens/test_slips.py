"""Ticking slips on the cashier's page, blind, and what is missing on the result."""

import pytest

from cashiering.models import Session
from hms_ach.money import Money
from tests.cashiering.screens.test_register import Browser
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_slips_are_ticked_before_the_count_and_a_missing_one_is_named_after_it():
    given = make.till()
    session = make.opened(given)
    for number in ("EFT1", "EFT2"):
        make.paid(session, given, make.TenderGiven("TRANSFER", Money(14_00, "USD"), reference=number))
    browser = Browser(given.ana)
    browser.post("/cashiering/my-session/counting/")
    page = browser.get("/cashiering/my-session/").content.decode()
    first = session.payments.order_by("id").first().tenders.get()

    pieces = {f"pieces-{face}": number for face, number in make.FLOAT.items()}
    browser.post("/cashiering/my-session/count/", slip=[first.pk], **pieces)

    assert page.count('name="slip"') == 2
    assert "Transfer EFT1, receipt" in page
    shown = access.signed_in(given.cora).get(f"/cashiering/sessions/{Session.objects.get().public_id}/")
    said = shown.content.decode()
    assert "1 slip was not ticked, so not found: Transfer EFT2, receipt" in said
    assert "Tick each slip that is here" in said


def test_a_close_without_slips_asks_for_none():
    given = make.till()
    make.paid(make.opened(given), given, make.cash(10_00), make.card(5_00))
    browser = Browser(given.ana)
    browser.post("/cashiering/my-session/counting/")

    assert 'name="slip"' not in browser.get("/cashiering/my-session/").content.decode()
