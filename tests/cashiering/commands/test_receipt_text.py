"""Receipts by text message, through a real gateway on loopback."""

import json
import re
from datetime import timedelta
from urllib.parse import urlsplit

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

from cashiering.commands import ask_receipt_mail, ask_receipt_text, send_receipt_text
from cashiering.commands.receipt_text import ConsentMissing, TextsNotSetUp
from cashiering.models import ReceiptText
from cashiering.queries.receipt_sending import sendings_of, unsent_receipts
from cashiering.queries.receipt_text import texts_due
from cashiering.rules.telephone import TelephoneMalformed
from cashiering.tasks import text_receipt
from hms_ach import clock
from hms_ach.access.roles import Role
from hms_ach.audit.models import Event as AuditEvent
from tests.cashiering.screens.test_register import Browser
from tests.make import access
from tests.make import cashiering as make
from tests.make.listener import listener

pytestmark = pytest.mark.django_db
NUMBER = "+1 212 555 0142"


@pytest.fixture
def gateway(settings):
    with listener() as heard:
        settings.SMS_URL, settings.SMS_TOKEN, settings.SMS_FROM = heard.url, "t0ken", "Hospital"
        settings.SMS_ALLOW_LOOPBACK = True
        yield heard


def asked(given: make.Till) -> ReceiptText:
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    return ask_receipt_text(payment=payment, number=NUMBER, has_consent=True, actor=given.ana)


def swept(*, after_minutes: int = 0) -> None:
    """What the timed sweep has workers do."""
    with time_machine.travel(clock.now() + timedelta(minutes=after_minutes)):
        for text_id in texts_due(now=clock.now()):
            text_receipt(text_id=text_id)


def test_a_message_holds_a_link_that_opens_the_receipt_and_nothing_else(gateway):
    given = make.till()

    text = asked(given)
    swept()

    (headers, body) = gateway.received[0]
    said = json.loads(body)
    link = re.fullmatch(r"Your receipt: (https?://\S+)", said["text"])[1]
    assert (said["to"], said["from"]) == ("+12125550142", "Hospital")
    assert (headers["Authorization"], headers["Idempotency-Key"]) == ("Bearer t0ken", text.public_id)
    opened = Client().get(urlsplit(link).path)
    assert text.payment.receipt_number in opened.content.decode()
    assert given.patient.family_name not in opened.content.decode()
    text.refresh_from_db()
    assert (text.sent_at is not None, text.next_try_at, text.problem) == (True, None, "")


def test_a_gateway_that_fails_is_told_and_tried_again_under_the_same_key(gateway):
    text = asked(make.till())
    gateway.statuses = [503, 429]

    swept()
    told = sendings_of(text.payment)
    too_soon = send_receipt_text(text_id=text.pk)
    swept(after_minutes=2)
    swept(after_minutes=30)
    swept(after_minutes=60)

    assert (told[0].state, told[0].problem, told[0].to) == ("WAITING", "the answer was 503", "•••• 42")
    assert too_soon is False
    assert {headers["Idempotency-Key"] for headers, _body in gateway.received} == {text.public_id}
    assert len(gateway.received) == ReceiptText.objects.get().tries == 3
    assert sendings_of(text.payment)[0].state == "SENT"


def test_what_the_gateway_refuses_is_given_up_at_once_and_awaits_another_way(gateway):
    given = make.till()
    text = asked(given)
    gateway.statuses = [422]
    swept()
    swept(after_minutes=9_999)
    browser = Browser(given.ana)

    home = browser.get("/").content.decode()
    listed = browser.get("/cashiering/payments/?unsent=1").content.decode()
    page = browser.get(f"/cashiering/payments/{text.payment.public_id}/").content.decode()
    ask_receipt_mail(payment=text.payment, address="maya@example.org", actor=given.ana)

    assert len(gateway.received) == 1
    assert "Receipts that could not be sent" in home
    assert text.payment.receipt_number in listed
    assert "Text message to •••• 42" in page
    assert "the answer was 422" in page
    assert "2125550142" not in page
    assert not unsent_receipts([given.facility.pk]).exists()


def test_nobody_listening_ends_after_eight_tries(settings):
    settings.SMS_URL, settings.SMS_ALLOW_LOOPBACK = "http://127.0.0.1:1/", True
    text = asked(make.till())

    for day in range(10):
        swept(after_minutes=day * 1_440)

    text.refresh_from_db()
    assert (text.tries, text.next_try_at, text.sent_at) == (8, None, None)
    assert text.problem.startswith("nothing answers")


def test_nothing_is_asked_without_a_gateway_a_number_or_consent(gateway, settings):
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    ask = {"payment": payment, "number": NUMBER, "has_consent": True, "actor": given.ana}

    with pytest.raises(TelephoneMalformed):
        ask_receipt_text(**ask | {"number": "555-0142"})
    with pytest.raises(ConsentMissing):
        ask_receipt_text(**ask | {"has_consent": False})
    settings.SMS_URL = ""
    with pytest.raises(TextsNotSetUp):
        ask_receipt_text(**ask)

    assert not ReceiptText.objects.exists()


def test_at_the_desk_the_number_on_file_is_offered_masked_and_goes_out_by_consent(gateway):
    given = make.till()
    given.patient.phone = NUMBER
    given.patient.save()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    browser, url = Browser(given.ana), f"/cashiering/payments/{payment.public_id}/receipt-text/"

    shown = browser.get(url).content.decode()
    without = browser.post(url, to="file")
    typed = browser.post(url, number="212 555 0142", consent="yes")
    browser.post(url, to="file", consent="yes")
    asked_event = AuditEvent.objects.get(action="cashiering.ask_receipt_text")

    assert "•••• 42" in shown
    assert "555" not in shown.replace("+1 212 555 0142.", "")
    assert (without.status_code, typed.status_code) == (422, 422)
    assert 'value="212 555 0142"' in typed.content.decode()
    assert "autofocus" in re.search(r'<input id="number"[^>]*>', typed.content.decode())[0]
    assert ReceiptText.objects.get().number == "+12125550142"
    assert "2125550142" not in str(vars(asked_event))


def test_who_may_not_send_is_refused_and_without_a_gateway_nothing_is_offered(gateway, settings):
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    auditor = access.signed_in(access.user(Role.AUDITOR, facilities=[given.facility]))
    url = f"/cashiering/payments/{payment.public_id}/receipt-text/"

    refused = auditor.post(url, {"number": NUMBER, "consent": "yes"})
    settings.SMS_URL = ""
    shown = Browser(given.ana).get(url).content.decode()

    assert refused.status_code == 403
    assert "By e-mail" in shown
    assert "By text message" not in shown


def test_the_database_lets_nobody_rewrite_or_forget_a_consent(gateway):
    text = asked(make.till())
    rows = ReceiptText.objects.filter(pk=text.pk)

    for change in (lambda: rows.update(consented_at=clock.now()), rows.delete):
        with pytest.raises(DatabaseError), transaction.atomic():
            change()
