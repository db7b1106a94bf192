"""The card terminal over a real socket, and card sales that use it."""

import re
from contextlib import contextmanager
from threading import Thread

import pytest

from cashiering.commands import (
    ask_card_sale,
    ask_card_void,
    call_terminal,
    close_card_batch,
    query_terminal,
    start_counting,
    void_payment,
)
from cashiering.commands.close import TerminalAnswerMissing
from cashiering.commands.terminal import _answered
from cashiering.commands.void_refusal import CardSaleStands
from cashiering.gateways.terminal import Answer, LineTerminal, TerminalSilent
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


def test_a_refused_void_leaves_the_card_sale_alone(address):
    given = make.till(terminal_address=address)
    _session, browser, _answer = pay_by_card(given, 45_00)
    address_of_void = f"/cashiering/payments/{Payment.objects.get().public_id}/void/"

    browser.post(address_of_void, reason="  ")
    Browser(given.ben).post(address_of_void, reason="Not mine")

    assert not TerminalRequest.objects.filter(kind="VOID").exists()


def test_a_large_card_payment_is_voided_at_the_terminal_only_when_it_is_approved(address):
    given = make.till(terminal_address=address)
    _session, browser, _answer = pay_by_card(given, 450_00)
    payment = Payment.objects.get()

    browser.post(f"/cashiering/payments/{payment.public_id}/void/", reason="Wrong patient")
    voids_asked = TerminalRequest.objects.filter(kind="VOID").count()
    Browser(given.cora).post(f"/cashiering/payments/{payment.public_id}/void-approval/")

    payment.refresh_from_db()
    assert voids_asked == 0
    assert payment.void.approved_by == given.cora
    assert make.balance(given, "card.clearing") == Money(0, "USD")


def test_a_booked_sale_is_not_voided_alone(address):
    given = make.till(terminal_address=address)
    _session, browser, _answer = pay_by_card(given, 45_00)
    sale = TerminalRequest.objects.get()

    answer = browser.post(f"/cashiering/terminal-requests/{sale.public_id}/void/")

    assert "booked as receipt" in answer.content.decode()
    assert not TerminalRequest.objects.filter(kind="VOID").exists()


def test_a_voided_sale_is_not_booked_afterwards(address):
    given = make.till(terminal_address=address)
    _session, browser, _answer = pay_by_card(given, 45_98)
    sale = TerminalRequest.objects.get()
    query_terminal(sale)
    browser.post(f"/cashiering/terminal-requests/{sale.public_id}/void/")

    browser.post(f"/cashiering/terminal-requests/{sale.public_id}/answer/")

    assert TerminalRequest.objects.filter(kind="VOID").get().state == "APPROVED"
    assert not Payment.objects.exists()


def test_a_void_that_never_reached_the_terminal_may_be_asked_again(address):
    given = make.till(terminal_address=address)
    pay_by_card(given, 45_98)
    sale = query_terminal(TerminalRequest.objects.get())
    lost = query_terminal(ask_card_void(sale=sale, actor=given.ana))

    undone = call_terminal(ask_card_void(sale=sale, actor=given.ana))

    assert (lost.state, undone.state) == ("DECLINED", "APPROVED")


def test_an_approval_counts_though_a_query_was_faster(address):
    given = make.till(terminal_address=address)
    session = make.opened(given)
    sale = ask_card_sale(session=session, amount=Money(45_00, "USD"), intent={}, key="k", actor=given.ana)
    query_terminal(TerminalRequest.objects.get())
    TerminalRequest.objects.update(answered_at=None)

    assert TerminalRequest.objects.get().state == "DECLINED"
    late = _answered(sale, Answer(is_approved=True, message="", brand="Visa", last4="4242", auth_code="A"))
    assert late.state == "APPROVED"
    with pytest.raises(TerminalAnswerMissing):
        start_counting(session=session, actor=given.ana)
