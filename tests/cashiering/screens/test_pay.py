"""Tender by tender at the register, without JavaScript."""

import pytest

from cashiering.models import Credit, Payment, TerminalRequest
from tests.cashiering.commands.test_credit import kept
from tests.cashiering.gateways.test_terminal import terminal
from tests.cashiering.screens.test_register import Browser, fields
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db

PAY = "/cashiering/register/payment/"


@pytest.fixture
def address():
    with terminal() as found:
        yield found


def form(browser: Browser, given: make.Till, minor: int) -> dict:
    bill = make.invoice(given, minor)
    return fields(browser.get(f"/cashiering/register/?q={bill.number}"))


def tenders() -> list[tuple[str, int]]:
    return [(row.kind, row.amount_minor) for row in Payment.objects.get().tenders.order_by("line")]


def test_any_number_of_tenders_is_split_off_one_by_one():
    given = make.till()
    make.opened(given)
    browser = Browser(given.ana)
    typed = form(browser, given, 100_00)

    first = browser.post(PAY, **typed, cheque="30", cheque_number="1", cheque_bank="First Bank", split="1")
    second = browser.post(
        PAY, **fields(first), cheque="20", cheque_number="2", cheque_bank="First Bank", split="1"
    )
    browser.post(PAY, **fields(second), rest="cash")

    assert tenders() == [("CHEQUE", 30_00), ("CHEQUE", 20_00), ("CASH", 50_00)]


def test_a_commit_costs_no_more_statements_than_it_needs(django_assert_max_num_queries):
    given = make.till()
    make.opened(given)
    browser = access.signed_in(given.ana)
    typed = {**form(Browser(given.ana), given, 100_00), "rest": "cash"}
    browser.get("/cashiering/register/")

    with django_assert_max_num_queries(26):
        browser.post(PAY, typed)

    assert tenders() == [("CASH", 100_00)]


def test_a_split_tender_is_taken_away_again():
    given = make.till()
    make.opened(given)
    browser = Browser(given.ana)
    first = browser.post(PAY, **form(browser, given, 100_00), cash="30", split="1")

    without = browser.post(PAY, **fields(first), remove="0")

    assert "line" in fields(first)
    assert "line" not in fields(without)


def test_two_cards_are_two_sales_and_one_payment(address):
    given = make.till(terminal_address=address)
    make.opened(given)
    browser = Browser(given.ana)

    first = browser.post(PAY, **form(browser, given, 100_00), card="40", health_account="1", split="1")
    browser.post(PAY, **fields(first), rest="card")

    cards = Payment.objects.get().tenders.order_by("line")
    assert [(row.amount_minor, row.is_health_account) for row in cards] == [(40_00, True), (60_00, False)]
    assert TerminalRequest.objects.filter(kind="SALE", state="APPROVED").count() == 2


def test_a_second_card_that_is_declined_leaves_the_first_to_go_on_with(address):
    given = make.till(terminal_address=address)
    make.opened(given)
    browser = Browser(given.ana)
    first = browser.post(PAY, **form(browser, given, 80_05), card="40", split="1")

    declined = browser.post(PAY, **fields(first), rest="card")
    browser.post(PAY, **fields(declined), rest="cash")

    assert "declined" in declined.content.decode()
    assert tenders() == [("CARD", 40_00), ("CASH", 40_05)]


def test_a_declined_card_is_no_part_of_what_is_tendered_next(address):
    given = make.till(terminal_address=address)
    make.opened(given)
    browser = Browser(given.ana)

    declined = browser.post(PAY, **form(browser, given, 80_05), rest="", card="80.05")
    browser.post(PAY, **fields(declined), rest="cash")

    assert tenders() == [("CASH", 80_05)]


def test_a_split_card_taken_away_is_voided_at_the_terminal(address):
    given = make.till(terminal_address=address)
    make.opened(given)
    browser = Browser(given.ana)
    first = browser.post(PAY, **form(browser, given, 80_00), card="40", split="1")

    without = browser.post(PAY, **fields(first), remove="0")

    assert TerminalRequest.objects.get(kind="VOID").state == "APPROVED"
    assert "not booked yet" not in without.content.decode()


def test_a_split_card_whose_answer_was_lost_goes_on_after_the_terminal_is_asked(address):
    given = make.till(terminal_address=address)
    make.opened(given)
    browser = Browser(given.ana)
    lost = browser.post(PAY, **form(browser, given, 80_00), card="40.98", split="1")
    sale = TerminalRequest.objects.get()

    found = browser.post(f"/cashiering/terminal-requests/{sale.public_id}/answer/")
    browser.post(PAY, **fields(found), rest="cash")

    assert "did not answer" in lost.content.decode()
    assert tenders() == [("CARD", 40_98), ("CASH", 39_02)]


def test_money_on_account_is_offered_and_taken_with_one_key():
    given = make.till()
    kept(make.opened(given), given, 30_00)
    browser = Browser(given.ana)
    typed = form(browser, given, 30_00)

    browser.post(PAY, **typed, rest="account")

    assert "$30.00 held" in browser.seen[0]
    assert Credit.objects.get().used_minor == 30_00


def test_a_transfer_at_the_register_waits_for_the_bank_by_its_payment():
    given = make.till()
    make.opened(given)
    browser = Browser(given.ana)

    browser.post(PAY, **form(browser, given, 30_00), rest="transfer", transfer_reference="TRACE9")

    payment = Payment.objects.get()
    assert payment.tenders.get().reference == "TRACE9"
    assert make.balance(given, "transfer.clearing", payment.public_id).minor == 30_00


@pytest.mark.parametrize("line", ["{}", "nonsense", '{"kind":"CASH","tendered":"1.001"}'])
def test_a_line_that_cannot_be_read_is_refused(line):
    given = make.till()
    make.opened(given)
    browser = Browser(given.ana)

    answer = browser.post(PAY, **{**form(browser, given, 30_00), "line": [line]}, cash="30")

    assert answer.status_code == 422
    assert not Payment.objects.exists()


def test_a_cheque_reader_types_number_and_bank_at_once_and_no_account_is_kept():
    given = make.till()
    make.opened(given)
    browser = Browser(given.ana)
    typed = form(browser, given, 50_00)

    misread = browser.post(PAY, **typed, rest="cheque", cheque_number="T011000016T12345678U1042")
    assert "misread" in misread.content.decode()
    assert "12345678" not in misread.content.decode()
    browser.post(PAY, **typed, rest="cheque", cheque_number="T011000015T12345678U1042")

    cheque = Payment.objects.get().tenders.get()
    assert (cheque.kind, cheque.reference, cheque.cheque_bank) == ("CHEQUE", "1042", "Routing 011000015")
