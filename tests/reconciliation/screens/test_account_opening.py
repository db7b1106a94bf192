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


def test_another_person_types_the_number_again_and_it_is_in_force(browser, north):
    browser.post(NEW, _said(north))
    account = BankAccount.objects.get()
    page = reverse("reconciliation:account-detail", args=["NORTH-OPER"])
    row = account.numbers.get()
    own = browser.get(page).content.decode()
    other = access.signed_in(make.approver(north))
    approval = reverse("reconciliation:number-approval", args=[row.public_id])

    wrong = other.post(approval, {"number": "US 1234-567891"}, follow=True).content.decode()
    right = other.post(approval, {"number": "US1234567890"}, follow=True).content.decode()

    assert "Another person must approve it." in own
    assert "This is not the number that was proposed." in wrong
    assert "is in force" in right


def test_a_number_is_changed_sent_back_and_shown_with_its_reasons(browser, north):
    make.bank_account(north, code="NORTH-OPER")
    new = reverse("reconciliation:account-number-new", args=["NORTH-OPER"])

    browser.post(new, {"number": "NEW 777", "reason": "Letter of 3 March"})
    row = BankAccount.objects.get().numbers.get(verdict=None)
    reviewer = access.signed_in(make.reviewer(north))
    refusal = reverse("reconciliation:number-refusal", args=[row.public_id])
    assert reviewer.post(refusal, {"reason": "No"}).status_code == 403
    other = access.signed_in(make.approver(north))
    shown = other.post(refusal, {"reason": "The letter is not signed"}, follow=True).content.decode()

    assert "The letter is not signed" in shown
    assert "Letter of 3 March" in shown
