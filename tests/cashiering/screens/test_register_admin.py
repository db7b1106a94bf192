"""A register's page: its tenders, and what the cashier sees of them."""

import pytest

from cashiering.models import Payment, Register
from hms_ach.money import Money
from tests.cashiering.screens.test_register import Browser, opened, pay
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def restrict(given, *kinds: str):
    place = given.register
    typed = {
        "name": place.name,
        "default_float": str(Money(place.default_float_minor, "USD")),
        "drawer_limit": str(Money(place.drawer_limit_minor, "USD")),
        "is_active": "on",
        "allowed_tenders": list(kinds),
    }
    return access.signed_in(given.gil).post(f"/cashiering/registers/{place.public_id}/", typed)


def test_tenders_that_are_not_taken_have_no_button_and_are_refused_in_words():
    given = make.till()
    saved = restrict(given, "CARD", "CHEQUE")
    browser = opened(given)
    bill = make.invoice(given, 31_07)
    page = browser.get(f"/cashiering/register/?q={bill.number}").content.decode()

    refused = pay(browser, given, bill, cash="31.07")
    split = pay(browser, given, bill, cash="10", split="1")

    given.register.refresh_from_db()
    assert (saved.status_code, given.register.allowed_tenders) == (302, ["CARD", "CHEQUE"])
    shown = [
        name for name in ("cash", "card", "wallet", "cheque", "transfer") if f'data-tender="{name}"' in page
    ]
    assert shown == ["card", "wallet", "cheque"]
    for answer in (refused, split):
        assert answer.status_code == 422
        assert "does not take or give back cash, only cards, cheques" in answer.content.decode()
    pay(browser, given, bill, cheque="31.07", cheque_number="1", cheque_bank="First")
    assert Payment.objects.get().tenders.get().kind == "CHEQUE"


def test_a_kind_that_does_not_exist_is_refused_on_the_form_and_nothing_ticked_is_all():
    given = make.till()

    assert restrict(given, "GOLD").status_code == 422
    assert restrict(given).status_code == 302

    page = Browser(given.gil).get("/cashiering/registers/").content.decode()
    assert "takes cash" not in page


def test_who_may_ask_for_opening_counts_finds_the_registers_in_the_menu():
    given = make.till()

    assert 'href="/cashiering/registers/"' in access.signed_in(given.cora).get("/").content.decode()
    assert 'href="/cashiering/registers/"' not in access.signed_in(given.ana).get("/").content.decode()


def test_a_registers_amounts_are_written_as_money_and_said_at_their_fields():
    given = make.till()
    address = f"/cashiering/registers/{given.register.public_id}/"
    browser = access.signed_in(given.gil)
    typed = {"name": "Lobby", "default_float": "150", "drawer_limit": "1,500.50", "is_active": "on"}

    shown = browser.get(address).content.decode()
    for wrong in ("-1", "ten", "", "9" * 20, "1.005"):
        answer = browser.post(address, typed | {"drawer_limit": wrong})
        assert answer.status_code == 422
        assert 'id="id_drawer_limit_error"' in answer.content.decode()
    assert browser.post(address, typed).status_code == 302

    given.register.refresh_from_db()
    assert 'value="200.00"' in shown
    assert (given.register.default_float_minor, given.register.drawer_limit_minor) == (150_00, 1_500_50)


@pytest.mark.parametrize("which", [0, 1])
def test_a_register_is_added_at_whichever_of_several_facilities_is_chosen(which):
    places = [make.till().facility for _ in range(2)]
    gil = access.user("CONTROLLER", facilities=places)
    typed = {"name": "Side door", "default_float": "50", "drawer_limit": "300", "code": "R7"}

    answer = access.signed_in(gil).post(
        "/cashiering/registers/new/", typed | {"facility": str(places[which].pk)}
    )

    assert answer.status_code == 302
    assert Register.objects.get(code="R7").facility == places[which]
