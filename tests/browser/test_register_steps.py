"""What a cashier does at the register besides payments, by keyboard in a real browser."""

from datetime import UTC, datetime

import pytest
import time_machine

from cashiering.models import CashMovement, CashTransfer, Payment, Session
from tests.make import cashiering as make


@pytest.fixture
def till(site):
    """A closed register on 12 March 2026 that also takes euros, with one patient."""
    with time_machine.travel(datetime(2026, 3, 12, 15, 0, tzinfo=UTC)):
        given = make.till()
        make.taking(given, smallest_minor=5_00)
        yield given


def test_a_register_opens_by_enter_alone_and_an_empty_count_opens_nothing(till, signed_in):
    page = signed_in(till.ana)
    page.goto("/cashiering/my-session/")
    page.keyboard.press("Enter")
    page.wait_for_selector("hms-count:defined")
    page.wait_for_load_state("load")

    for _line in range(13):
        page.keyboard.press("Enter")
    page.wait_for_selector("[role=alert]")
    page.wait_for_selector("hms-count:defined")
    page.wait_for_load_state("load")
    empty, state = page.get_by_role("alert").inner_text(), Session.objects.get().state
    page.locator("#pieces-10000").focus()
    page.keyboard.type("2")
    for _line in range(13):
        page.keyboard.press("Enter")

    page.wait_for_selector("text=Who pays?")
    assert "No pieces of USD are written" in empty
    assert state == "OPENING"
    assert Session.objects.get().cash_minor == 200_00


def test_a_drop_and_an_opening_without_a_sale_begin_with_what_is_typed(till, signed_in):
    make.opened(till)
    page = signed_in(till.ana)
    page.goto("/cashiering/register/")
    page.keyboard.press("Control+d")
    page.wait_for_selector("#amount:focus")

    page.keyboard.type("50")
    page.get_by_label("Bag number").focus()
    page.keyboard.type("B7")
    page.keyboard.press("Enter")
    page.wait_for_selector("text=Bag B7")
    page.wait_for_load_state("load")
    page.keyboard.press("Control+n")
    page.wait_for_selector("#reason:focus")
    page.keyboard.type("change for the machine")
    page.keyboard.press("Enter")

    page.wait_for_selector("text=opened without a sale")
    assert CashTransfer.objects.get(kind="DROP").amount_minor == 50_00
    assert CashMovement.objects.get(kind="NO_SALE").reason == "change for the machine"


def test_enter_on_a_choice_leads_to_the_next_field(till, signed_in):
    make.opened(till)
    page = signed_in(till.ana)
    page.goto("/cashiering/my-session/movement/")
    page.locator("#kind").focus()

    page.keyboard.press("Enter")

    assert page.evaluate("document.activeElement.id") == "amount"


def test_voiding_begins_at_its_reason(till, signed_in):
    session = make.opened(till)
    payment = make.paid(session, till, make.cash(25_00))
    page = signed_in(till.ana)
    page.goto(f"/cashiering/register/?receipt={payment.public_id}")

    page.keyboard.press("Control+z")
    page.wait_for_selector("[name=reason]:focus")
    page.keyboard.type("typed twice")
    page.keyboard.press("Enter")

    page.wait_for_selector("text=is voided")
    assert Payment.objects.get().void.reason == "typed twice"


def test_the_close_begins_with_the_first_cheque_and_enter_on_a_tick_counts_nothing(till, signed_in):
    session = make.opened(till)
    for number in ("1001", "1002"):
        make.paid(session, till, make.cheque(25_00, number))
    page = signed_in(till.ana)
    page.goto("/cashiering/my-session/")
    page.wait_for_load_state("load")
    page.keyboard.press("c")
    page.wait_for_selector("hms-count:defined")
    page.wait_for_load_state("load")

    for key in ("Space", "Enter", "Space", "Enter"):
        page.keyboard.press(key)

    assert page.evaluate("document.activeElement.id") == "pieces-10000"
    assert page.locator("input[name=cheque]:checked").count() == 2
    assert Session.objects.get().state == "COUNTING"


def test_before_scripts_are_there_enter_sends_no_half_typed_count_and_the_button_does(till, signed_in):
    make.opened(till)
    page = signed_in(till.ana)
    page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    page.goto("/cashiering/my-session/")
    page.get_by_role("button", name="Count and close").press("Enter")
    page.wait_for_selector("#pieces-10000:focus")

    page.keyboard.type("2")
    page.keyboard.press("Enter")
    page.wait_for_timeout(300)
    early = Session.objects.get().state
    page.get_by_role("button", name="Commit the count").press("Enter")
    page.wait_for_load_state("load")

    assert early == "COUNTING"
    assert Session.objects.get().counted_minor == 200_00
