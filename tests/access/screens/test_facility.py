"""Facilities and departments on screen."""

import pytest
from django.urls import reverse

from hms_ach.access.models import Facility, LegalEntity
from hms_ach.access.roles import Role
from tests.make import access as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def north():
    return make.facility("NORTH")


@pytest.fixture
def browser(north):
    return make.signed_in(make.user(Role.ADMINISTRATOR, facilities=[north]))


def asked(north, **said) -> dict:
    return {
        "legal_entity": north.legal_entity_id,
        "code": "LAKE",
        "name": "Lakeside",
        "timezone": "America/Chicago",
        "business_day_cutoff": "03:00",
        "currency": "USD",
    } | said


def test_a_facility_and_its_department_are_added(browser, north):
    assert browser.post("/access/facilities/new/", asked(north)).status_code == 302
    lake = {"code": "LAB", "name": "Laboratory"}
    assert browser.post("/access/facilities/LAKE/departments/", lake).status_code == 302
    assert browser.post("/access/facilities/LAKE/departments/", lake).status_code == 422

    text = browser.get("/access/facilities/").content.decode()

    assert "Lakeside" in text
    assert "Laboratory" in text


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"code": "NORTH"}, "already used"),
        ({"timezone": "Mars/Base"}, "no such time zone"),
        ({"currency": "QQQ"}, "QQQ"),
        ({"code": "lake"}, "Enter a valid value"),
    ],
)
def test_what_cannot_be_is_said_at_the_form(browser, north, said, told):
    answer = browser.post("/access/facilities/new/", asked(north, **said))

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert Facility.objects.count() == 1


def test_others_may_look_or_not_at_all(north):
    auditor = make.signed_in(make.user(Role.AUDITOR, facilities=[north]))
    cashier = make.signed_in(make.user(Role.CASHIER, facilities=[north]))

    assert b"New facility" not in auditor.get("/access/facilities/").content
    assert auditor.get("/access/facilities/new/").status_code == 403
    assert cashier.get("/access/facilities/").status_code == 403


def test_a_legal_entity_is_added_and_its_code_only_once(browser):
    said = {"code": "WEST", "name": "West Health", "functional_currency": "USD", "country": "US"}
    address = reverse("access:legal-entity-create")

    added = browser.post(address, said)
    again = browser.post(address, said)
    unknown = browser.post(address, said | {"code": "EAST", "functional_currency": "XXQ"})

    assert added["Location"] == reverse("access:facility-create")
    assert (again.status_code, unknown.status_code) == (422, 422)
    assert LegalEntity.objects.filter(code__in=["WEST", "EAST"]).count() == 1
