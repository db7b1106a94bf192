"""Receipts on screen: who may make a duplicate, and whose payments are seen."""

import pytest

from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def test_a_receipt_leads_a_cashier_back_to_the_register_and_an_auditor_nowhere():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    people = (given.ana, access.user("AUDITOR", facilities=[given.facility]))

    ana, auditor = (
        access.signed_in(one).get(f"/cashiering/payments/{payment.public_id}/receipt/").content.decode()
        for one in people
    )

    assert "Back to the register" in ana
    assert "Back to the register" not in auditor


def test_an_auditor_looks_at_a_receipt_and_makes_no_duplicate():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    browser = access.signed_in(access.user("AUDITOR", facilities=[given.facility]))
    address = f"/cashiering/payments/{payment.public_id}/receipt/"

    seen, refused = browser.get(address), browser.post(address)

    assert (seen.status_code, refused.status_code) == (200, 403)
    assert not payment.reprints.exists()


@pytest.mark.parametrize("step", ["", "receipt/", "receipt.pdf", "receipt.bin"])
def test_another_facilitys_payment_is_not_found(step):
    given, other = make.till(), make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    browser = access.signed_in(other.cora)

    answer = browser.get(f"/cashiering/payments/{payment.public_id}/{step}")

    assert answer.status_code == 404


def test_no_page_of_the_till_says_what_the_drawer_should_hold_before_it_is_counted():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(37_11))
    make.paid(session, given, make.cash(41_13))
    browser = access.signed_in(given.ana)
    addresses = ["register/", "my-session/", "my-session/movement/", "sessions/", "payments/"]
    addresses.append(f"sessions/{session.public_id}/")

    said = [browser.get(f"/cashiering/{address}") for address in addresses]
    browser.post("/cashiering/my-session/counting/")
    said.append(browser.get("/cashiering/my-session/"))
    said.append(browser.post("/cashiering/my-session/count/", {"pieces-10000": "1"}, follow=True))
    said.append(browser.get(f"/cashiering/sessions/{session.public_id}/"))

    session.refresh_from_db()
    assert session.state == "RECOUNT"
    for answer in said:
        assert answer.status_code == 200
        for figure in ("278.24", "27824", "78.24", "7824", "178.24"):
            assert figure not in answer.content.decode()


def test_a_sum_tells_nobody_at_the_till_what_the_drawer_should_hold():
    till = make.till()
    session = make.opened(till)
    for minor in (37_11, 41_13):
        make.paid(session, till, make.cash(minor))
    eve = access.user("FINANCE_REVIEWER", facilities=(till.facility,), username="eve")

    pages = {
        name: access.signed_in(person).get("/cashiering/payments/").content.decode()
        for name, person in {"cashier": till.ana, "head cashier": till.cora, "finance": eve}.items()
    }

    assert {name for name, page in pages.items() if "$78.24" in page} == {"finance"}
