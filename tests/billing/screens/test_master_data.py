"""Payers, services, coverages and alerts on screen: found, added, changed, refused with words."""

import pytest
from django.urls import reverse

from billing.models import Coverage, Payer, PriceList, Service
from tests.make import access
from tests.make import billing as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return make.hospital()


@pytest.fixture
def clerk(north):
    return make.clerk(north)


@pytest.fixture
def browser(clerk):
    return access.signed_in(clerk)


@pytest.fixture
def controller(north):
    return access.signed_in(access.user("CONTROLLER", facilities=[north]))


def shown(browser, name, *args, **asked) -> str:
    answer = browser.get(reverse(f"billing:{name}", args=args), asked)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_payer_is_added_found_and_changed(browser):
    said = {"code": "BLUE", "payer_class": "COMMERCIAL", "name": "Blue Health", "address": ""}
    assert browser.post(reverse("billing:payer-registration"), said).status_code == 302
    payer = Payer.objects.get()
    again = browser.post(reverse("billing:payer-registration"), said)
    assert again.status_code == 422
    assert "already used" in again.content.decode()
    assert "Blue Health" in shown(browser, "payer-list", q="blu")
    assert "No payers found" in shown(browser, "payer-list", q="green")

    browser.post(reverse("billing:payer-change", args=[payer.public_id]), {"name": "Blue Shield"})

    payer.refresh_from_db()
    assert (payer.name, payer.is_active) == ("Blue Shield", False)


def test_a_patient_is_no_payer(browser):
    said = {"code": "SELF", "payer_class": "SELF_PAY", "name": "Themselves"}

    assert browser.post(reverse("billing:payer-registration"), said).status_code == 422
    assert not Payer.objects.exists()


def test_a_service_is_added_found_and_changed(controller):
    said = {"code": "99214", "name": "Office visit", "revenue_code": "0510", "department_code": ""}
    assert controller.post(reverse("billing:service-registration"), said).status_code == 302
    assert controller.post(reverse("billing:service-registration"), said).status_code == 422
    assert "Office visit" in shown(controller, "service-list", q="office")

    address = reverse("billing:service-change", args=["99214"])
    assert controller.post(address, {"name": "Visit", "revenue_code": "x"}).status_code == 422
    controller.post(address, {"name": "Visit", "is_active": "on"})

    assert Service.objects.get().name == "Visit"


def test_a_coverage_is_recorded_and_ended(browser, north, clerk):
    patient, payer = make.patient(north, clerk), make.payer(clerk)
    address = reverse("billing:coverage-recording", args=[patient.public_id])
    said = {"payer": payer.pk, "priority": "1", "starts_on": "2026-01-01", "member_id": "M-1"}
    assert browser.post(address, said).status_code == 302
    assert browser.post(address, said).status_code == 422
    cover = Coverage.objects.get()
    end = reverse("billing:coverage-end", args=[patient.public_id, cover.public_id])
    assert end in shown(browser, "patient-detail", patient.public_id)

    assert browser.post(end, {"ends_on": "2025-01-01"}).status_code == 422
    assert browser.post(end, {"ends_on": "2026-06-30"}).status_code == 302

    cover.refresh_from_db()
    assert str(cover.ends_on) == "2026-06-30"


def test_an_alert_is_raised_and_ended(browser, north, clerk):
    patient = make.patient(north, clerk)
    browser.post(reverse("billing:alert-raising", args=[patient.public_id]), {"sentence": "Bad cheque"})
    assert "Bad cheque" in shown(browser, "patient-detail", patient.public_id)

    alert = patient.alerts.get()
    browser.post(reverse("billing:alert-end", args=[patient.public_id, alert.pk]))

    assert "Bad cheque" not in shown(browser, "patient-detail", patient.public_id)


def test_another_network_s_patient_is_not_found(browser, clerk):
    stranger = make.patient(make.hospital(code="LAKE"), clerk)

    for name in ("coverage-recording", "alert-raising"):
        assert browser.get(reverse(f"billing:{name}", args=[stranger.public_id])).status_code == 404


def test_who_may_only_look_is_offered_nothing(north, clerk):
    payer = make.payer(clerk)
    auditor = access.signed_in(access.user("AUDITOR", facilities=[north]))

    text = shown(auditor, "payer-list")

    assert payer.name in text
    assert "New payer" not in text
    assert auditor.get(reverse("billing:payer-change", args=[payer.public_id])).status_code == 403


def test_a_price_list_is_started_once_for_whom_it_prices(controller, north):
    said = {"name": "Commercial 2027", "facility": north.pk, "payer_class": "COMMERCIAL", "currency": "USD"}
    address = reverse("billing:price-list-new")

    started = controller.post(address, said)
    again = controller.post(address, said | {"name": "Another"})

    made = PriceList.objects.get(name="Commercial 2027")
    assert made.public_id in started["Location"]
    assert again.status_code == 422
    assert "already prices this facility" in again.content.decode()
