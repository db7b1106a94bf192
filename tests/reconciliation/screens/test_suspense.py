"""The suspense screens: the aged list, one item, two people."""

import pytest
from django.urls import reverse

from hms_ach import clock
from reconciliation.models import SuspenseClearing
from tests.make import access
from tests.make import reconciliation as make
from tests.reconciliation.commands.test_clearing import LATER, in_suspense, left

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    with clock.at(LATER):
        yield make.hospital()


@pytest.fixture
def item(north):
    return in_suspense(north, 77_00)


@pytest.fixture
def address(item):
    return reverse("reconciliation:suspense-detail", args=["NORTH", "USD", item.reference])


def test_money_in_suspense_goes_from_one_person_to_another(north, item, address):
    eve = access.signed_in(make.reviewer(north))
    finn = access.signed_in(make.approver(north))
    assert address in eve.get(reverse("reconciliation:suspense-list")).content.decode()
    assert b"$77.00" in eve.get(address).content

    said = {"purpose": "INCOME", "amount": "77.00", "reason": "vending machine"}
    assert eve.post(f"{address}clearing/", said).status_code == 302
    assert b"Withdraw" in eve.get(address).content
    assert b"Clearings of suspense to approve" in finn.get("/").content
    assert b"Other income" in finn.get(address).content
    decision = reverse("reconciliation:clearing-decision", args=[SuspenseClearing.objects.get().public_id])
    finn.post(decision, {"verdict": "reject", "reason": ""})
    assert SuspenseClearing.objects.get().verdict is None
    finn.post(decision, {"verdict": "approve"})

    assert left(item) == 0
    assert b"Nothing is in suspense" in finn.get(reverse("reconciliation:suspense-list")).content
    assert b"vending machine" in finn.get(address).content
    assert "Entries of the document" in finn.get(address).content.decode()


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"amount": "78.00"}, "up to that"),
        ({"amount": "1,5"}, "1,5"),
        ({"purpose": "INVOICE", "document": "X-1"}, "has no invoice X-1"),
        ({"purpose": "FEE"}, "not one of the available choices"),
        ({"reason": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_is_said_at_the_form_and_what_was_typed_stays(north, item, address, said, told):
    eve = access.signed_in(make.reviewer(north))
    asked = {"purpose": "INCOME", "amount": "77.00", "reason": "kept words"} | said

    answer = eve.post(f"{address}clearing/", asked)

    assert answer.status_code == 422
    text = answer.content.decode()
    assert told in text
    assert "<title>Error:" in text
    assert "kept words" in text or not asked["reason"]
    assert not SuspenseClearing.objects.exists()


def test_the_address_of_a_page_with_errors_leads_to_its_item(north, item, address):
    answer = access.signed_in(make.reviewer(north)).get(f"{address}clearing/")

    assert answer.url == address


def test_it_is_open_to_its_facility_and_to_those_who_may(north, item, address):
    stranger = access.signed_in(make.reviewer(access.facility("LAKE"), username="lou"))
    cashier = access.signed_in(access.user("CASHIER", facilities=[north]))
    auditor = access.signed_in(access.user("AUDITOR", facilities=[north]))

    assert stranger.get(address).status_code == 404
    assert cashier.get(address).status_code == 403
    assert b"Propose" not in auditor.get(address).content
    assert auditor.post(f"{address}clearing/", {}).status_code == 403


def test_the_list_adds_up_and_stands_beside_the_book(north):
    eve, finn = make.reviewer(north), make.approver(north)
    make.in_suspense(north, 77_00, eve=eve, finn=finn)
    browser = access.signed_in(eve)

    listed = browser.get(reverse("reconciliation:suspense-list")).content.decode()
    beside = browser.get("/ledger/control-totals/?role=suspense.unidentified").content.decode()

    assert "Total of 1 item" in listed
    assert "/ledger/control-totals/?role=suspense.unidentified" in listed
    assert beside.count("−$77.00") == 2
    assert "Everything ties to the cent." in beside
    assert "Receivables from patients" not in beside
