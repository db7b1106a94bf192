"""Adding a bank account on screen."""

import pytest
from django.urls import reverse

from reconciliation.models import BankAccount
from tests.make import access
from tests.make import reconciliation as make

NEW = reverse("reconciliation:account-new")


@pytest.fixture
def north(db):
    return make.hospital()


@pytest.fixture
def browser(north):
    return access.signed_in(access.user("CONTROLLER", facilities=[north], username="gil"))


def _said(north, **more):
    given = {
        "facility": north.pk,
        "code": "NORTH-OPER",
        "name": "Operating",
        "bank_name": "First Bank",
        "number": "US 1234-567890",
        "currency": "USD",
        "opened_on": "2026-03-01",
    }
    return given | more


def test_an_account_is_added_and_its_profile_comes_next(browser, north):
    answer = browser.post(NEW, _said(north))

    account = BankAccount.objects.get(code="NORTH-OPER")
    assert answer["Location"] == reverse("reconciliation:account-profile", args=["NORTH-OPER"])
    assert (account.last4, account.bank_name) == ("7890", "First Bank")


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"code": "NORTH-TWO"}, "with this code or number already"),
        ({"number": "OTHER-99"}, "with this code or number already"),
        ({"code": "NORTH-TWO", "number": "OTHER-99"}, "already has an open USD account, NORTH-OPER"),
        ({"code": "north oper"}, "capital letters"),
        ({"currency": "XXQ", "code": "N-3", "number": "OTHER-99"}, "XXQ"),
    ],
)
def test_what_cannot_be_is_refused_with_words(browser, north, said, told):
    browser.post(NEW, _said(north))

    answer = browser.post(NEW, _said(north, **said))

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert BankAccount.objects.count() == 1


def test_nobody_adds_an_account_to_a_facility_that_is_not_theirs(browser, north):
    lake = make.hospital("LAKE")

    answer = browser.post(NEW, _said(lake))

    assert answer.status_code == 422
    assert BankAccount.objects.count() == 0


def test_a_reviewer_may_not(north):
    browser = access.signed_in(make.reviewer(north))

    assert browser.get(NEW).status_code == 403
