"""The register in a real browser: its keys, their number, its fit and its accessibility."""

from datetime import UTC, datetime

import pytest
import time_machine

from cashiering.commands import choose_keys
from cashiering.models import Payment, Session
from tests.browser.looking import UNDER_STUDY, assert_good_in_both_themes
from tests.cashiering.commands.test_credit import kept
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


def test_foreign_notes_take_one_key_more_and_the_page_says_rate_worth_and_change(till, register):
    with time_machine.travel(datetime(2026, 3, 12, 15, 0, tzinfo=UTC)):
        make.taking(till, "CAD", rate="0.7104", smallest_minor=5_00)
        make.taking(till, smallest_minor=5_00)
    make.invoice(till, 85_00)
    keys = Keys(register)

    keys.type("okafor")
    keys.enter(FORM)
    keys.press("F2")
    local = register.locator("#cash").input_value()
    keys.press("F2")
    keys.press("F2")
    fewest = register.locator("#cash").input_value()
    said = register.locator("[data-cash-said]").inner_text()
    keys.type("100")
    change = register.locator("[data-change]").inner_text()
    taller = register.evaluate(
        "document.documentElement.scrollHeight - document.documentElement.clientHeight"
    )
    keys.enter(RECEIPT)

    tender = Payment.objects.get().tenders.get()
    assert (local, fewest) == ("85.00", "80.00")
    assert said == "1 EUR = 1.1 USD, ECB, Mar 12: $88.00"
    assert change == "$25.00"
    assert (tender.foreign_currency, tender.foreign_minor, tender.change_minor) == ("EUR", 100_00, 25_00)
    assert taller <= 0
    assert keys.pressed <= 15


def test_letters_in_the_cash_are_refused_and_change_no_currency(till, register):
    with time_machine.travel(datetime(2026, 3, 12, 15, 0, tzinfo=UTC)):
        make.taking(till, "CAD", rate="0.7104", smallest_minor=5_00)
    make.invoice(till, 85_00)
    keys = Keys(register)
    keys.type("okafor")
    keys.enter(FORM)
    keys.press("F2")
    keys.type("abc")
    marked = register.locator("#cash").get_attribute("aria-invalid")

    keys.enter(".errors")

    assert marked == "true"
    assert "“abc” is not an amount in USD" in register.locator("#cash_error").inner_text()
    assert register.locator("select[name=cash_currency]").input_value() == "USD"
    assert Payment.objects.count() == 0


def test_another_tender_takes_the_place_of_one_that_only_its_key_filled_in(till, register):
    make.invoice(till, 85_00)
    keys = Keys(register)
    keys.type("okafor")
    keys.enter(FORM)

    keys.press("F2")
    keys.press("F3")

    assert register.locator("#cash").input_value() == ""
    assert register.locator("#card").input_value() == "85.00"


def test_the_down_arrow_leads_to_what_is_due_and_a_digit_writes_another_amount(till, register):
    make.invoice(till, 85_00)
    make.invoice(till, 40_00)
    keys = Keys(register)
    keys.type("okafor")
    keys.enter(FORM)

    keys.press("ArrowDown")
    keys.press("ArrowDown")
    keys.type("15")

    assert register.locator("[data-sum]").first.inner_text() == "$100.00"


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


def test_a_lost_network_is_told_at_once_and_the_payment_is_taken_once_when_it_is_back(till, register, window):
    make.invoice(till, 85_00)
    keys = Keys(register)
    keys.type("okafor")
    keys.enter(FORM)
    UNDER_STUDY.add(register)
    window.set_offline(True)
    register.wait_for_selector("hms-online[data-state=lost]")

    keys.press("F2")
    keys.type("100")
    keys.press("Enter")
    register.wait_for_selector("[data-lost]:not([hidden])")
    taken_while_lost, typed = Payment.objects.count(), register.locator("#cash").input_value()
    window.set_offline(False)

    register.wait_for_selector(RECEIPT)
    UNDER_STUDY.discard(register)
    assert (taken_while_lost, typed) == (0, "100")
    assert Payment.objects.get().tenders.get().change_minor == 15_00


def test_an_answer_that_was_lost_on_its_way_counts_once(till, register):
    """Interception starts before the page loads: a page that stands there already may send past it."""
    make.invoice(till, 85_00)
    keys = Keys(register)
    lost = []

    def lose_first_answer(route):
        if lost:
            return route.continue_()
        lost.append(route.fetch(max_redirects=0).status)
        return route.abort()

    register.route("**/cashiering/register/payment/", lose_first_answer)
    keys.type("okafor")
    keys.enter(FORM)
    UNDER_STUDY.add(register)

    keys.press("F2")
    keys.press("Enter")

    register.wait_for_selector(RECEIPT)
    UNDER_STUDY.discard(register)
    assert lost == [302]
    assert Payment.objects.count() == 1


def test_a_scanner_that_types_fast_and_ends_with_enter_finds_and_pays_nothing_twice(till, register):
    bill = make.invoice(till, 25_00)
    register.keyboard.type(bill.number, delay=0)
    register.keyboard.press("Enter")
    register.wait_for_selector(FORM)
    register.wait_for_load_state("load")

    register.keyboard.type(bill.number, delay=0)

    assert Payment.objects.count() == 0
    assert register.locator("#cash").input_value() == ""


def test_money_on_account_is_taken_with_one_key(till, register):
    kept(Session.objects.get(), till, 30_00)
    make.invoice(till, 25_00)
    keys = Keys(register)
    keys.type("okafor")
    keys.enter(FORM)

    keys.press("F8")
    keys.enter(RECEIPT)

    assert Payment.objects.latest("id").tenders.get().kind == "ACCOUNT"


def test_escape_goes_back_one_level_at_a_time(till, register):
    make.invoice(till, 25_00)
    keys = Keys(register)
    keys.type("okafor")
    keys.enter(FORM)
    keys.press("F2")

    keys.press("Escape")
    emptied = register.locator("#cash").input_value()
    keys.press("Escape")

    register.wait_for_selector("a.till__person")
    assert emptied == ""


def test_question_mark_shows_the_keys_and_every_button_of_a_tender_prints_its_own(till, register):
    make.invoice(till, 25_00)
    keys = Keys(register)
    keys.type("okafor")
    keys.enter(FORM)
    register.locator("h1").click()

    keys.press("?")

    shown = register.get_by_role("dialog", name="Keys of this page").inner_text()
    assert all(key in shown for key in ("F2", "F3", "F4", "F6", "F7", "F9", "F10", "Ctrl+L", "Alt+N"))
    assert register.locator(".till__tender .key").all_inner_texts() == ["F2", "F3", "F7", "F4", "F6"]


def test_a_site_s_own_key_works_and_is_printed(till, register):
    choose_keys(facility=till.facility, chosen={"cash": "F12"}, actor=till.gil)
    make.invoice(till, 25_00)
    keys = Keys(register)
    keys.type("okafor")
    keys.enter(FORM)

    keys.press("F12")

    assert register.locator("#cash").input_value() == "25.00"
    assert register.locator("[data-tender=cash] .key").inner_text() == "F12"
    register.goto("/cashiering/keys/")
    assert_good_in_both_themes(register, "key-card")


def test_a_split_card_stands_as_a_line_and_the_rest_is_cash(till, register):
    make.invoice(till, 85_00)
    keys = Keys(register)
    keys.type("okafor")
    keys.enter(FORM)
    keys.press("F3")
    keys.type("50")
    keys.press("F9")
    register.wait_for_selector(".till__line")
    assert_good_in_both_themes(register, "register-split")

    keys.press("F2")
    keys.enter(RECEIPT)

    tenders = {row.kind: row.amount_minor for row in Payment.objects.get().tenders.all()}
    assert tenders == {"CARD": 50_00, "CASH": 35_00}


def test_finishing_prints_the_receipt_once_and_only_the_receipt(till, register):
    register.add_init_script(
        "window.print = () => { sessionStorage.papers = `${sessionStorage.papers ?? ''}|` }"
    )
    make.invoice(till, 25_00)
    keys = Keys(register)
    keys.type("okafor")
    keys.enter(FORM)
    keys.press("F2")
    keys.press("F10")
    register.wait_for_selector(RECEIPT)
    register.wait_for_function("sessionStorage.papers")
    register.reload()

    assert register.evaluate("sessionStorage.papers") == "|"
    register.emulate_media(media="print")
    assert register.locator(".till__paper").is_visible()
    assert not register.locator(".till").is_visible()
