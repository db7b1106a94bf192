"""The billing screens, as people with and without the rights see them."""

import re
from datetime import UTC, date, datetime

import pytest

from billing.commands import lock_invoice, set_price
from billing.models import Invoice, Patient, Price
from hms_ach import clock
from hms_ach.money import Money
from ledger.queries import entries_of
from tests.make import access
from tests.make import billing as make

pytestmark = pytest.mark.django_db

NOON = datetime(2026, 3, 12, 16, 0, tzinfo=UTC)


@pytest.fixture
def north():
    return make.hospital()


@pytest.fixture
def dan(north):
    return make.clerk(north)


@pytest.fixture
def browser(dan):
    return access.signed_in(dan)


@pytest.fixture
def maya(north, dan):
    return make.patient(north, dan, mrn="N1", phone="212-555-0134")


@pytest.fixture
def priced(dan):
    visit = make.service(dan, code="99213")
    everybody = make.price_list(dan)
    set_price(
        price_list_id=everybody.pk,
        service_id=visit.pk,
        amount=Money(125_00, "USD"),
        starts_on=date(2026, 1, 1),
        actor=dan,
    )
    return everybody


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


def test_the_list_finds_by_number_and_state(browser, north, dan, maya):
    invoice = make.issued(north, maya, dan)

    assert invoice.number in text_of(browser.get("/billing/invoices/?q=NORTH-2026&state=ISSUED"))
    assert "No invoices found" in text_of(browser.get("/billing/invoices/?state=PAID"))


def test_more_invoices_cost_no_more_queries(browser, north, dan, maya, django_assert_max_num_queries):
    for _ in range(3):
        make.issued(north, maya, dan)

    with django_assert_max_num_queries(12):
        browser.get("/billing/invoices/")


def test_the_detail_shows_why_this_price_and_the_entry(browser, north, dan, maya):
    invoice = make.issued(north, maya, dan)

    text = text_of(browser.get(f"/billing/invoices/{invoice.public_id}/"))

    assert "$125.00, given with the charge" in text
    charges = [("charge", line.charge.public_id) for line in invoice.lines.select_related("charge")]
    entries = [row for source in (("invoice", invoice.public_id), *charges) for row in entries_of(source)]
    assert len(entries) == 2
    assert all(f"…{entry.public_id[-8:]}" in text for entry in entries)


def test_a_locked_invoice_shows_no_amount_to_a_clerk(browser, north, dan, maya):
    invoice = make.issued(north, maya, dan)
    lock_invoice(invoice_id=invoice.pk, actor=dan, reason="Court case")

    assert "$125.00" not in text_of(browser.get(f"/billing/invoices/{invoice.public_id}/"))
    assert "$125.00" not in text_of(browser.get("/billing/invoices/"))
    assert browser.get(f"/billing/invoices/{invoice.public_id}/print/").status_code == 404


def test_the_controller_locks_and_releases(north, dan, maya):
    invoice = make.issued(north, maya, dan)
    gil = access.signed_in(make.clerk(north, name="gil", role="CONTROLLER"))
    address = f"/billing/invoices/{invoice.public_id}/"

    gil.post(f"{address}lock/", {"reason": "Case 12"})
    assert "Release the lock" in text_of(gil.get(address))
    gil.post(f"{address}lock/", {"reason": "Case closed"})
    assert "Release the lock" not in text_of(gil.get(address))


def test_a_clerk_drafts_issues_and_cancels(browser, north, dan, maya, priced):
    waiting = make.charge(north, maya, dan, 10_00)
    typed = {
        "facility": "NORTH",
        "kind": "PATIENT",
        "charges": [waiting.pk],
        "form-TOTAL_FORMS": "2",
        "form-INITIAL_FORMS": "2",
        "form-0-service": "99213",
        "form-0-quantity": "2",
        "form-0-service_on": "2026-03-12",
        "form-1-service": "",
        "form-1-quantity": "1",
        "form-1-service_on": "2026-03-11",
    }
    with clock.at(NOON):
        answer = browser.post(f"/billing/patients/{maya.public_id}/draft/", typed)
        invoice = Invoice.objects.get()
        address = f"/billing/invoices/{invoice.public_id}/"

        assert answer.headers["Location"] == address
        assert (invoice.state, invoice.total_minor) == ("DRAFT", 260_00)
        assert "This is a draft" in text_of(browser.get(address))
        browser.post(f"{address}issuance/")
        assert "NORTH-2026-000001" in text_of(browser.get(address))
        browser.post(f"{address}cancellation/", {"reason_code": "OTHER", "reason": "mistake"})
        assert "Cancelled: Other" in text_of(browser.get(address))


def test_an_unknown_service_comes_back_with_what_was_typed(browser, maya, priced):
    answer = browser.post(
        f"/billing/patients/{maya.public_id}/draft/",
        {
            "facility": "NORTH",
            "kind": "PATIENT",
            "form-TOTAL_FORMS": "1",
            "form-INITIAL_FORMS": "0",
            "form-0-service": "NOPE",
            "form-0-quantity": "1",
            "form-0-service_on": "2026-03-12",
        },
    )

    assert "Line 1: There is no active service NOPE" in text_of(answer)
    assert 'value="NOPE"' in answer.content.decode()
    assert "<title>Error:" in answer.content.decode()


def test_cancelling_asks_why(browser, north, dan, maya):
    invoice = make.issued(north, maya, dan)
    address = f"/billing/invoices/{invoice.public_id}/cancellation/"

    assert "This field is required" in text_of(browser.post(address, {"reason_code": "OTHER"}))
    assert "Cancel the invoice over $125.00" in text_of(browser.get(address))


def test_contact_data_are_masked_for_a_cashier(browser, north, maya):
    cashier = access.signed_in(make.clerk(north, name="ana", role="CASHIER"))
    address = f"/billing/patients/{maya.public_id}/"

    assert "212-555-0134" in text_of(browser.get(address))
    assert "212-555-0134" not in text_of(cashier.get(address))
    assert "••••34" in text_of(cashier.get(address))


def test_patients_are_found_by_name_number_and_phone(browser, maya):
    for asked in ("oka", "maya ok", "N1", "(212) 555 0134"):
        assert "Maya Okafor" in text_of(browser.get("/billing/patients/", {"q": asked})), asked
    assert "Nobody found" in text_of(browser.get("/billing/patients/?q=zzz"))


def test_a_patient_is_registered_and_corrected(browser, north):
    given = {"facility": "NORTH", "mrn": "n7", "family_name": "Quist", "given_name": "Ada", "sex": "FEMALE"}

    browser.post("/billing/patients/registration/", given)
    ada = Patient.objects.get(mrn="N7")
    browser.post(f"/billing/patients/{ada.public_id}/correction/", {**given, "phone": "2125550199"})

    ada = Patient.objects.get(mrn="N7")
    assert ada.phone == "2125550199"
    assert ada.history.count() == 2
    taken = browser.post("/billing/patients/registration/", given)
    assert "already belongs to a patient" in text_of(taken)


def test_the_controller_sets_a_price_and_the_clerk_may_not(browser, north, priced):
    gil = access.signed_in(make.clerk(north, name="gil", role="CONTROLLER"))
    visit = Price.objects.get().service
    address = f"/billing/price-lists/{priced.public_id}/setting/"
    given = {"service": visit.pk, "amount": "130.00", "starts_on": "2027-01-01"}

    assert browser.post(address, given).status_code == 403
    assert "exactly 2 decimals" in text_of(gil.post(address, {**given, "amount": "130"}))
    gil.post(address, given)

    assert "$130.00" in text_of(browser.get(f"/billing/price-lists/{priced.public_id}/"))


def test_an_invoice_of_another_facility_is_not_found(browser, dan):
    lake = make.hospital(code="LAKE")
    hidden = make.issued(lake, make.patient(lake, dan), dan)

    for page in ("", "print/", "cancellation/"):
        assert browser.get(f"/billing/invoices/{hidden.public_id}/{page}").status_code == 404
