"""Webhooks on screen."""

import pytest

from hms_ach import outbox
from hms_ach.access.roles import Role
from hms_ach.outbox.models import Delivery, Endpoint
from tests.make import access as make

pytestmark = pytest.mark.django_db
URL = "https://hooks.example.com/hms"


@pytest.fixture
def north():
    return make.facility("NORTH")


@pytest.fixture
def browser(north):
    return make.signed_in(make.user(Role.ADMINISTRATOR, facilities=[north]))


@pytest.fixture
def endpoint(browser):
    browser.post("/webhooks/new/", {"url": URL, "facilities": ["NORTH"]})
    return Endpoint.objects.get()


def test_a_new_endpoint_shows_its_secret_once(browser, north):
    answer = browser.post("/webhooks/new/", {"url": URL, "facilities": ["NORTH"]})

    secret = Endpoint.objects.get().secret
    assert secret in answer.content.decode()
    assert answer["Cache-Control"] == "no-store"
    for address in ("/webhooks/", f"/webhooks/{Endpoint.objects.get().public_id}/"):
        assert secret not in browser.get(address).content.decode()


def test_a_refused_address_is_said_at_the_form(browser, north):
    answer = browser.post("/webhooks/new/", {"url": "https://10.0.0.1/", "facilities": ["NORTH"]})

    assert answer.status_code == 422
    assert "not a public DNS name" in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_another_facility_can_be_neither_chosen_nor_managed(browser, endpoint):
    lake = make.facility("LAKE")
    foreign = make.signed_in(make.user(Role.ADMINISTRATOR, facilities=[lake]))

    answer = browser.post("/webhooks/new/", {"url": URL, "facilities": ["LAKE"]})

    assert answer.status_code == 422
    assert foreign.get(f"/webhooks/{endpoint.public_id}/").status_code == 404
    assert foreign.post(f"/webhooks/{endpoint.public_id}/secret/").status_code == 404


def test_an_endpoint_is_paused_resumed_and_removed(browser, endpoint):
    for change, state in (("pause", "PAUSED"), ("resume", "ACTIVE"), ("removal", "DISABLED")):
        browser.post(f"/webhooks/{endpoint.public_id}/state/", {"change": change})
        endpoint.refresh_from_db()
        assert endpoint.state == state


def test_the_log_shows_payload_and_sends_again(browser, endpoint, north):
    outbox.record("invoice.issued", subject="inv_1", facility=north, data={"total": 5})
    delivery = Delivery.objects.get()
    Delivery.objects.update(state="DELIVERED", finished_at="2026-01-01T00:00:00Z", tries=1)
    address = f"/webhooks/{endpoint.public_id}/"

    assert "inv_1" in browser.get(address, {"state": "DELIVERED"}).content.decode()
    assert "inv_1" not in browser.get(address, {"state": "DEAD"}).content.decode()
    assert "&quot;total&quot;: 5" in browser.get(f"{address}deliveries/{delivery.pk}/").content.decode()
    browser.post(f"{address}replay/", {"delivery": delivery.pk})

    delivery.refresh_from_db()
    assert (delivery.state, delivery.tries) == ("PENDING", 0)


def test_a_replay_of_no_days_says_what_is_missing(browser, endpoint):
    answer = browser.post(f"/webhooks/{endpoint.public_id}/replay/", {"since": "2026-02-01"}, follow=True)

    assert "first and the last day" in answer.content.decode()


def test_an_auditor_looks_and_does_not_touch(endpoint, north):
    auditor = make.signed_in(make.user(Role.AUDITOR, facilities=[north]))

    assert auditor.get("/webhooks/").status_code == 200
    assert auditor.get("/webhooks/new/").status_code == 403
    assert auditor.post(f"/webhooks/{endpoint.public_id}/secret/").status_code == 403
