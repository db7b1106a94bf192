"""The register in a real browser: its keys, their number, its fit and its accessibility."""

from datetime import UTC, datetime

import pytest
import time_machine

from cashiering.models import Payment
from tests.browser.looking import assert_good_in_both_themes
from tests.make import cashiering as make


@pytest.fixture
def till(site):
    """An open register on 12 March 2026, with one patient."""
    with time_machine.travel(datetime(2026, 3, 12, 15, 0, tzinfo=UTC)):
        given = make.till()
        make.opened(given)
        yield given


class Keys:
    """A keyboard that counts what is pressed."""

    def __init__(self, page) -> None:
        self.page = page
        self.pressed = 0

    def type(self, text: str) -> None:
        for letter in text:
            self.press(letter)

    def press(self, key: str) -> None:
        self.pressed += 1
        self.page.keyboard.press(key)

    def enter(self, until: str) -> None:
        self.press("Enter")
        self.page.wait_for_selector(until)
        self.page.wait_for_load_state("load")


FORM, RECEIPT = "hms-till:defined .till__form", "h2:has-text('Receipt')"


@pytest.fixture
def register(till, signed_in):
    page = signed_in(till.ana)
    page.goto("/cashiering/register/")
    return page


def test_a_scanned_copay_by_card_takes_three_keys(till, register):
    bill = make.invoice(till, 25_00)
    keys = Keys(register)
    register.keyboard.type(bill.number)

    keys.enter(FORM)
    keys.press("F3")
    keys.enter(RECEIPT)

    assert keys.pressed <= 3
    assert Payment.objects.get().tenders.get().kind == "CARD"


def test_cash_with_change_takes_at_most_fourteen_keys(till, register):
    make.invoice(till, 85_00)
    keys = Keys(register)

    keys.type("okafor")
    keys.enter(FORM)
    keys.press("F2")
    keys.type("100")
    shown = register.locator("[data-change]").inner_text()
    keys.enter(RECEIPT)

    assert keys.pressed <= 14
    assert shown == "$15.00"
    assert Payment.objects.get().tenders.get().change_minor == 15_00


def test_cash_and_card_together_take_at_most_seventeen_keys(till, register):
    make.invoice(till, 85_00)
    keys = Keys(register)

    keys.type("okafor")
    keys.enter(FORM)
    keys.press("F2")
    keys.type("50")
    keys.press("F3")
    keys.enter(RECEIPT)

    tenders = {row.kind: row.amount_minor for row in Payment.objects.get().tenders.all()}
    assert keys.pressed <= 17
    assert tenders == {"CASH": 50_00, "CARD": 35_00}


def test_a_double_enter_takes_the_money_once(till, register):
    make.invoice(till, 85_00)
    keys = Keys(register)
    keys.type("okafor")
    keys.enter(FORM)
    keys.press("F2")

    keys.press("Enter")
    keys.press("Enter")

    register.wait_for_selector(RECEIPT)
    assert Payment.objects.count() == 1


def test_the_register_fits_its_screen_and_is_accessible(till, register):
    make.invoice(till, 85_00)
    make.invoice(till, 40_00)
    assert_good_in_both_themes(register, "register-empty")

    register.goto(f"/cashiering/register/?patient={till.patient.pk}")

    assert_good_in_both_themes(register, "register-payment")
    taller = register.evaluate(
        "document.documentElement.scrollHeight - document.documentElement.clientHeight"
    )
    assert taller <= 0


def test_the_down_arrow_leads_from_the_search_to_the_people_found(till, register):
    make.invoice(till, 85_00)
    register.goto("/cashiering/register/")
    assert register.locator("a.till__person").inner_text().startswith(till.patient.name)

    register.keyboard.press("ArrowDown")
    register.keyboard.press("Enter")

    register.wait_for_selector(FORM)
    assert register.locator("[data-sum]").first.inner_text() == "$85.00"
    assert register.locator("hms-timer").inner_text().startswith("0:")


def test_what_was_searched_is_replaced_by_what_is_typed_next(till, register):
    register.goto("/cashiering/register/?q=nobody")

    register.keyboard.type("okafor")

    assert register.locator("#q").input_value() == "okafor"
