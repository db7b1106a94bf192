"""The card terminal over a real socket, and card sales that use it."""

import re
from contextlib import contextmanager
from threading import Thread

import pytest

from cashiering.commands import close_card_batch, start_counting, void_payment
from cashiering.commands.close import TerminalAnswerMissing
from cashiering.commands.void import CardSaleStands
from cashiering.gateways.terminal import LineTerminal, TerminalSilent
from cashiering.gateways.terminal_simulator import SimulatorServer
from cashiering.models import CardBatch, Payment, Session, TerminalRequest
from hms_ach.money import Money
from tests.cashiering.screens.test_register import Browser, fields
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


@contextmanager
def terminal():
    """The address of a simulated terminal."""
    with SimulatorServer(0) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()


@pytest.fixture
def address():
    with terminal() as found:
        yield found


def pay_by_card(given: make.Till, minor: int):
    session = make.opened(given)
    browser = Browser(given.ana)
    bill = make.invoice(given, minor)
    form = fields(browser.get(f"/cashiering/register/?q={bill.number}"))
    return session, browser, browser.post("/cashiering/register/payment/", **form, rest="CARD")


def test_an_approved_sale_becomes_a_payment_with_the_last_four_digits_only(address):
    given = make.till(terminal_address=address)

    _session, _browser, answer = pay_by_card(given, 45_00)

    tender = Payment.objects.get().tenders.get()
    assert answer.status_code == 200
    assert re.fullmatch(r"\d{4}", tender.card_last4)
    assert tender.auth_code
    assert tender.terminal_request.state == "APPROVED"


def test_a_declined_sale_takes_nothing_and_says_why(address):
    given = make.till(terminal_address=address)

    _session, _browser, answer = pay_by_card(given, 45_05)

    assert "Insufficient funds" in answer.content.decode()
    assert not Payment.objects.exists()


def test_a_lost_answer_is_unknown_until_the_terminal_is_asked_and_is_booked_once(address):
    given = make.till(terminal_address=address)
    session, browser, answer = pay_by_card(given, 45_98)
    sale = TerminalRequest.objects.get()

    with pytest.raises(TerminalAnswerMissing):
        start_counting(session=session, actor=given.ana)
    booked = browser.post(f"/cashiering/terminal-requests/{sale.public_id}/answer/")
    browser.post(f"/cashiering/terminal-requests/{sale.public_id}/answer/")

    assert "did not answer" in answer.content.decode()
    assert sale.state == "UNKNOWN"
    assert Payment.objects.get().receipt_number in booked.content.decode()
    assert TerminalRequest.objects.filter(kind="SALE").count() == 1


def test_a_lost_request_was_never_charged(address):
    given = make.till(terminal_address=address)
    session, browser, _answer = pay_by_card(given, 45_99)
    sale = TerminalRequest.objects.get()

    answer = browser.post(f"/cashiering/terminal-requests/{sale.public_id}/answer/")

    assert "did not charge the card" in answer.content.decode()
    start_counting(session=session, actor=given.ana)
    assert Session.objects.get().state == "COUNTING"


def test_a_card_payment_is_voided_at_the_terminal_first(address):
    given = make.till(terminal_address=address)
    _session, browser, _answer = pay_by_card(given, 45_00)
    payment = Payment.objects.get()

    with pytest.raises(CardSaleStands):
        void_payment(payment=payment, reason="Wrong patient", actor=given.ana)
    answer = browser.post(f"/cashiering/payments/{payment.public_id}/void/", reason="Wrong patient")

    assert "is voided" in answer.content.decode()
    assert make.balance(given, "card.clearing") == Money(0, "USD")


def test_the_terminals_batch_total_stands_beside_ours(address):
    given = make.till(terminal_address=address)
    pay_by_card(given, 45_00)
    batch = CardBatch.objects.get()
    host, port = address.split(":")

    total = LineTerminal(host, int(port)).close_batch(number=batch.number, currency="USD")
    closed = close_card_batch(batch=batch, terminal_gross=total.gross, actor=given.cora)

    assert (closed.gross_minor, closed.terminal_gross_minor, closed.sales) == (45_00, 45_00, 1)


def test_nobody_listening_is_silence_and_not_an_answer():
    with terminal() as gone:
        host, port = gone.split(":")

    with pytest.raises(TerminalSilent):
        LineTerminal(host, int(port)).query(reference="trq_1")
