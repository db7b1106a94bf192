"""Receipts at the register's printer: a real listener takes the bytes."""

import socket
from contextlib import contextmanager
from datetime import timedelta
from threading import Thread

import pytest
import time_machine
from django.db import IntegrityError, transaction

from cashiering.commands import change_register, reprint_receipt, send_receipt_print
from cashiering.models import ReceiptPrint
from cashiering.queries.receipt_link import receipt_link
from cashiering.queries.receipt_print import prints_due
from cashiering.rules.printer_address import PrinterAddressMalformed
from cashiering.tasks import print_receipt
from hms_ach import clock
from tests.cashiering.screens.test_register import Browser, opened, pay
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db

KICK = b"\x1bp\x00"


class Printer:
    """Keeps each paper that it was sent."""

    def __init__(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"127.0.0.1:{self.listener.getsockname()[1]}"
        self.papers: list[bytes] = []

    def serve(self, count: int) -> None:
        for _ in range(count):
            wire, _peer = self.listener.accept()
            with wire, wire.makefile("rb") as paper:
                self.papers.append(paper.read())


@contextmanager
def printing(papers: int):
    """A printer that takes so many papers; all of them are in when the block ends."""
    printer = Printer()
    work = Thread(target=printer.serve, args=[papers], daemon=True)
    work.start()
    with printer.listener:
        yield printer
        work.join(timeout=10)
    assert len(printer.papers) == papers


def till_with(address: str) -> make.Till:
    given = make.till()
    place = given.register
    change_register(
        register=place,
        name=place.name,
        default_float_minor=place.default_float_minor,
        drawer_limit_minor=place.drawer_limit_minor,
        terminal_id="",
        terminal_address="",
        printer_address=address,
        is_active=True,
        actor=given.gil,
    )
    return given


def swept() -> None:
    """What the timed sweep has workers do."""
    for print_id in prints_due(now=clock.now()):
        print_receipt(print_id=print_id)


def test_a_cash_payment_prints_once_opens_the_drawer_and_carries_its_link():
    with printing(1) as printer:
        given = till_with(printer.address)
        payment = make.paid(make.opened(given), given, make.cash(40_00))
        swept()
        swept()

    paper = printer.papers[0]
    assert KICK in paper
    assert payment.receipt_number.encode() in paper
    assert receipt_link(payment).encode() in paper
    assert b"DUPLICATE" not in paper
    assert ReceiptPrint.objects.get().state == "PRINTED"


def test_a_card_opens_no_drawer_and_a_duplicate_says_which_it_is():
    with printing(3) as printer:
        given = till_with(printer.address)
        session = make.opened(given)
        by_card, in_cash = (
            make.paid(session, given, make.card(40_00)),
            make.paid(session, given, make.cash(1_00)),
        )
        swept()
        reprint_receipt(payment=in_cash, actor=given.ana, register=given.register)
        swept()

    assert [KICK in paper for paper in printer.papers] == [False, True, False]
    assert by_card.receipt_number.encode() in printer.papers[0]
    assert b"DUPLICATE 1" in printer.papers[2]


def test_a_printer_that_is_away_is_tried_again_then_given_up():
    given = till_with("127.0.0.1:1")
    make.paid(make.opened(given), given, make.cash(40_00))
    for minute in range(8):
        with time_machine.travel(clock.now() + timedelta(minutes=2 * minute)):
            swept()

    found = ReceiptPrint.objects.get()
    assert (found.state, found.tries, found.printed_at) == ("FAILED", 5, None)


def test_a_print_whose_worker_died_is_not_sent_a_second_time():
    given = till_with("127.0.0.1:1")
    make.paid(make.opened(given), given, make.cash(40_00))
    found = ReceiptPrint.objects.get()
    ReceiptPrint.objects.update(state="SENDING", next_try_at=None, tries=1)

    with time_machine.travel(clock.now() + timedelta(hours=1)):
        assert send_receipt_print(print_id=found.pk) is False
        assert prints_due(now=clock.now()) == []


def test_no_original_prints_twice_and_no_duplicate_opens_the_drawer():
    given = till_with("127.0.0.1:1")
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    again = {
        "payment": payment,
        "register": given.register,
        "asked_at": clock.now(),
        "next_try_at": clock.now(),
    }

    with pytest.raises(IntegrityError, match="receipt_print_once"), transaction.atomic():
        ReceiptPrint.objects.create(**again)
    with pytest.raises(IntegrityError, match="duplicate_opens_no_drawer"), transaction.atomic():
        ReceiptPrint.objects.create(**again, duplicate=1, opens_drawer=True)


@pytest.mark.parametrize(
    "address", ["printer", "10.0.0.1", "10.0.0.1:0", "10.0.0.1:70000", "http://a:1", "-:1"]
)
def test_what_is_no_address_is_refused(address):
    with pytest.raises(PrinterAddressMalformed):
        till_with(address)


def test_the_screens_say_where_the_receipt_is_and_print_on_paper_themselves_without_a_printer():
    given = make.till()
    browser = opened(given)
    bill = make.invoice(given, 40_00)

    by_browser = pay(browser, given, bill, cash="40.00").content.decode()
    wrong = _address(given, "somewhere")
    _address(given, "127.0.0.1:1")
    at_printer = pay(browser, given, make.invoice(given, 20_00), cash="20.00").content.decode()

    assert "<hms-print>" in by_browser
    assert wrong.status_code == 422
    assert "such as 10.1.2.3:9100" in wrong.content.decode()
    assert "<hms-print>" not in at_printer
    assert f"Goes to the printer of {given.register.code}" in at_printer


def _address(given: make.Till, address: str):
    """What a controller's change of the printer's address answers."""
    values = {
        "name": "Desk",
        "default_float": "200.00",
        "drawer_limit": "1,000.00",
        "is_active": "on",
    }
    page = f"/cashiering/registers/{given.register.public_id}/"
    return Browser(given.gil).post(page, **values, printer_address=address)
