"""Receipts by e-mail, through a real SMTP server on loopback."""

import re
import socket
from datetime import timedelta
from email import message_from_bytes, policy
from urllib.parse import urlsplit

import pytest
import time_machine
from aiosmtpd.controller import Controller
from django.test import Client, override_settings

from cashiering.commands import ask_receipt_mail, send_receipt_mail
from cashiering.commands.receipt_mail import AddressMalformed
from cashiering.models import ReceiptMail
from cashiering.queries.receipt_mail import mails_due
from cashiering.tasks import mail_receipt
from hms_ach import clock
from tests.cashiering.screens.test_register import Browser
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


class Letters:
    """Keeps what arrives; refuses everything while it is told to."""

    def __init__(self) -> None:
        self.came, self.is_busy = [], False

    async def handle_DATA(self, server, session, envelope):
        if self.is_busy:
            return "451 Busy, try later"
        self.came.append((envelope.rcpt_tos, message_from_bytes(envelope.content, policy=policy.default)))
        return "250 OK"


@pytest.fixture
def letters():
    handler = Letters()
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = Controller(handler, hostname="127.0.0.1", port=port)
    server.start()
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=port):
        yield handler
    server.stop()


def swept() -> None:
    """What the timed sweep has workers do."""
    for mail_id in mails_due(now=clock.now()):
        mail_receipt(mail_id=mail_id)


def test_a_receipt_goes_out_with_a_link_and_nothing_personal(letters):
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))

    mail = ask_receipt_mail(payment=payment, address="maya@example.org", actor=given.ana)
    swept()

    (to, letter) = letters.came[0]
    text = f"{letter['Subject']} {letter.get_content()}"
    assert to == ["maya@example.org"]
    assert payment.receipt_number in text
    assert not re.search(r"Okafor|Maya|40\.00", text)
    mail.refresh_from_db()
    assert mail.sent_at is not None


def test_the_link_opens_the_receipt_without_signing_in_and_without_a_name(letters):
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    ask_receipt_mail(payment=payment, address="maya@example.org", actor=given.ana)
    swept()
    path = urlsplit(re.search(r"http\S+", letters.came[0][1].get_content())[0]).path

    page = Client().get(path)

    assert page.status_code == 200
    assert payment.receipt_number in page.content.decode()
    assert given.patient.family_name not in page.content.decode()
    assert "MRN" not in page.content.decode()
    assert Client().get(path[:-3] + "00/").status_code == 404
    with time_machine.travel(clock.now() + timedelta(days=181)):
        assert Client().get(path).status_code == 404


def test_a_busy_server_is_tried_again_and_the_receipt_comes_once(letters):
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    mail = ask_receipt_mail(payment=payment, address="maya@example.org", actor=given.ana)
    letters.is_busy = True
    swept()
    letters.is_busy = False

    too_soon = send_receipt_mail(mail_id=mail.pk)
    with time_machine.travel(clock.now() + timedelta(minutes=2)):
        swept()
        swept()

    assert too_soon is False
    assert len(letters.came) == 1
    assert ReceiptMail.objects.get().tries == 2


def test_nobody_listening_ends_after_eight_tries():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    mail = ask_receipt_mail(payment=payment, address="maya@example.org", actor=given.ana)
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=1):
        for day in range(10):
            with time_machine.travel(clock.now() + timedelta(days=day)):
                send_receipt_mail(mail_id=mail.pk)

    mail.refresh_from_db()
    assert (mail.tries, mail.next_try_at, mail.sent_at) == (8, None, None)


def test_a_wrong_address_is_refused():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))

    with pytest.raises(AddressMalformed):
        ask_receipt_mail(payment=payment, address="maya at home", actor=given.ana)


def test_the_address_on_file_is_offered_masked_and_used():
    given = make.till()
    given.patient.email = "maya@example.org"
    given.patient.save()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    browser = Browser(given.ana)
    address = f"/cashiering/payments/{payment.public_id}/receipt-mail/"

    shown = browser.get(address).content.decode()
    browser.post(address, to="file")

    assert "m••••@example.org" in shown
    assert "maya@example.org" not in shown
    assert ReceiptMail.objects.get().address == "maya@example.org"
