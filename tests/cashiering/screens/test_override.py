"""Agreement in place on the screens, with a badge that is scanned."""

import pytest

from cashiering.models import Override, Payment
from hms_ach.access.commands import enrol_badge, set_pin
from hms_ach.access.models import DeskCode
from tests.cashiering.screens.test_register import Browser
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_a_scanned_badge_voids_what_the_cashier_may_not_alone():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(100_01))
    enrol_badge(user=given.cora, code="HMS-0042-77", actor=given.gil)
    url = f"/cashiering/payments/{payment.public_id}/void/"
    browser = Browser(given.ana)
    shown = browser.get(f"/cashiering/payments/{payment.public_id}/").content.decode()

    wrong = browser.post(url, reason="Wrong", second_badge="HMS-0042-78")
    kept = hasattr(Payment.objects.get(), "void")
    browser.post(url, reason="Wrong", second_badge="HMS-0042-77")

    assert 'name="second_badge"' in shown
    assert "no badge or PIN" in wrong.content.decode()
    assert not kept
    assert Override.objects.get().agreed_by == given.cora
    assert Payment.objects.get().void.approved_by == given.cora


def test_a_person_chooses_the_own_pin_with_the_password():
    person = access.user("HEAD_CASHIER", password="seven green horses sing")
    browser = Browser(person)
    typed = {"pin": "493817", "again": "493817"}

    refused = browser.post("/access/my-pin/", **typed, password="not mine at all ever")
    browser.post("/access/my-pin/", **typed, password="seven green horses sing")

    assert refused.status_code == 422
    assert DeskCode.objects.get().user == person


def test_an_administrator_enrols_and_withdraws_a_badge():
    person, admin = access.user("HEAD_CASHIER"), access.user("ADMINISTRATOR")
    set_pin(user=person, pin="493817", actor=person)
    url = f"/access/users/{person.username}/badge/"

    Browser(admin).post(url, code="HMS-0042-77")
    enrolled = DeskCode.objects.get().badge_hash
    Browser(admin).post(url, withdraw="1", reason="Lost")

    assert enrolled
    assert (DeskCode.objects.get().badge_hash, DeskCode.objects.get().pin_hash) == ("", "")
    assert Browser(person).post(url, code="HMS-0042-78").status_code == 403
