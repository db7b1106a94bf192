"""Agreement in place on the screens, with a badge that is scanned."""

import pytest

from cashiering.commands import confirm_cheque_return, report_cheque_return
from cashiering.models import Override, Payment, TerminalRequest
from hms_ach.access.commands import set_pin
from hms_ach.access.models import DeskCode
from tests.cashiering.gateways.test_terminal import terminal
from tests.cashiering.screens.test_register import Browser, fields
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def address():
    with terminal() as found:
        yield found


def test_a_scanned_badge_voids_what_the_cashier_may_not_alone():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(100_01))
    access.badge(given.cora, "HMS-0042-77")
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
    enrolled = DeskCode.objects.get()
    Browser(admin).post(url, withdraw="1", reason="Lost")

    left = DeskCode.objects.get()
    assert (bool(enrolled.waiting_hash), enrolled.badge_hash) == (True, "")
    assert (left.waiting_hash, left.badge_hash, left.pin_hash) == ("", "", "")
    assert Browser(person).post(url, code="HMS-0042-78").status_code == 403


def test_the_owner_hears_of_a_badge_at_home_and_confirms_it_by_password_and_scan():
    word = "seven green horses sing"
    person = access.user("HEAD_CASHIER", password=word)
    admin, browser = access.user("ADMINISTRATOR"), Browser(person)
    Browser(admin).post(f"/access/users/{person.username}/badge/", code="HMS-0042-77")

    home = browser.get("/").content.decode()
    shown = browser.get("/access/my-pin/").content.decode()
    answers = [
        browser.post("/access/my-badge/", code="HMS-0042-77", password="not mine at all ever"),
        browser.post("/access/my-badge/", code="HMS-0042-78", password=word),
        browser.post("/access/my-badge/", code="HMS-0042-77", password=word),
        browser.post("/access/my-badge/", code="HMS-0042-77", password=word),
    ]

    assert "A badge to confirm" in home
    assert admin.get_full_name() in shown
    assert [answer.status_code for answer in answers] == [422, 422, 200, 422]
    assert "another badge" in answers[1].content.decode()
    assert "A badge to confirm" not in browser.get("/").content.decode()
    assert DeskCode.objects.get().badge_hash


def test_a_badge_that_somebody_else_keeps_is_refused_by_its_name():
    person = access.user("HEAD_CASHIER")
    Browser(access.user("ADMINISTRATOR")).post(f"/access/users/{person.username}/badge/", code="HMS-0042-77")

    Browser(person).post("/access/my-badge/", refuse="1")

    kept = DeskCode.objects.get()
    assert (kept.waiting_hash, kept.badge_hash) == ("", "")


def blocked_payer(given, session) -> None:
    """The patient's cheque came back: the next one needs another person."""
    bad = make.paid(session, given, make.cheque(40_00))
    found = report_cheque_return(
        tender=bad.tenders.get(), reason="CLOSED", returned_on=bad.business_on, actor=given.cora
    )
    confirm_cheque_return(cheque_return=found, actor=given.gil)


def test_a_card_beside_a_blocked_cheque_is_charged_after_one_agreement_and_not_before(address):
    given = make.till(terminal_address=address)
    session = make.opened(given)
    blocked_payer(given, session)
    access.badge(given.cora, "HMS-0042-77")
    bill = make.invoice(given, 50_00)
    browser = Browser(given.ana)
    form = fields(browser.get(f"/cashiering/register/?q={bill.number}")) | {
        "invoice": str(bill.pk),
        "cheque": "30",
        "cheque_number": "1002",
        "cheque_bank": "First Bank",
        "card": "20",
    }

    refused = browser.post("/cashiering/register/payment/", **form)
    before = TerminalRequest.objects.count()
    browser.post("/cashiering/register/payment/", **form, second_badge="HMS-0042-77")

    assert refused.status_code == 422
    assert 'name="second_badge"' in refused.content.decode()
    assert before == 0
    assert Override.objects.get().agreed_by == given.cora
    assert set(Override.objects.get().payment.tenders.values_list("kind", flat=True)) == {"CARD", "CHEQUE"}


def test_a_full_drawer_asks_at_the_register_for_another_person():
    given = make.till()
    make.paid(make.opened(given), given, make.cash(900_00))
    access.badge(given.cora, "HMS-0042-77")
    bill = make.invoice(given, 20_00)
    browser = Browser(given.ana)
    form = fields(browser.get(f"/cashiering/register/?q={bill.number}"))

    refused = browser.post("/cashiering/register/payment/", **form, cash="20")
    browser.post("/cashiering/register/payment/", **form, cash="20", second_badge="HMS-0042-77")

    page = refused.content.decode()
    assert "Drop cash to the safe" in page
    assert 'name="second_badge"' in page
    assert Override.objects.get().action == "LIMIT"
