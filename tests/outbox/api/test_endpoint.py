"""Webhooks and events by API."""

import pytest

from hms_ach import outbox
from hms_ach.idempotency.models import Key
from hms_ach.outbox.models import Delivery, Endpoint
from tests.make import access as make

pytestmark = pytest.mark.django_db
BODY = {"url": "https://hooks.example.com/hms", "facilities": ["NORTH"], "event_types": ["invoice.issued"]}


@pytest.fixture
def north():
    return make.facility("NORTH")


@pytest.fixture
def api(north):
    return make.api("webhooks:manage", facilities=[north])


def post(api, path, body=None, **headers):
    return api.post(f"/api/ach/{path}", body or {}, content_type="application/json", headers=headers)


def test_an_endpoint_is_made_and_its_secret_shown_once(api):
    answer = post(api, "webhook-endpoints", BODY)

    made = answer.json()
    assert answer.status_code == 201
    assert made["secret"] == Endpoint.objects.get().secret
    assert "secret" not in api.get(f"/api/ach/webhook-endpoints/{made['id']}").json()
    assert [row["id"] for row in api.get("/api/ach/webhook-endpoints").json()["items"]] == [made["id"]]


def test_a_repeated_request_makes_one_and_keeps_the_secret_encrypted(api):
    answers = [post(api, "webhook-endpoints", BODY, **{"Idempotency-Key": "key-00001"}) for _ in range(2)]

    assert answers[0].content == answers[1].content
    assert Endpoint.objects.count() == 1
    assert b"whsec" not in bytes(Key.objects.get().body)


@pytest.mark.parametrize(
    "change, status",
    [
        ({"url": "http://hooks.example.com/"}, 422),
        ({"url": "https://127.0.0.1/"}, 422),
        ({"event_types": ["no.such"]}, 422),
        ({"facilities": []}, 422),
        ({"facilities": ["LAKE"]}, 422),
    ],
)
def test_what_cannot_be_is_refused(api, change, status):
    make.facility("LAKE")

    answer = post(api, "webhook-endpoints", BODY | change)

    assert answer.status_code == status, answer.content
    assert not Endpoint.objects.exists()


def test_a_client_sees_only_its_own_endpoints(api, north):
    made = post(api, "webhook-endpoints", BODY).json()
    other = make.api("webhooks:manage", facilities=[north])

    assert other.get(f"/api/ach/webhook-endpoints/{made['id']}").status_code == 404
    assert other.get("/api/ach/webhook-endpoints").json()["items"] == []


def test_an_endpoint_is_paused_rotated_and_removed(api):
    made = post(api, "webhook-endpoints", BODY).json()
    path = f"webhook-endpoints/{made['id']}"

    paused = api.put(f"/api/ach/{path}/state", {"state": "PAUSED"}, content_type="application/json")
    rotated = post(api, f"{path}/secret").json()
    removed = api.delete(f"/api/ach/{path}")

    assert paused.json()["state"] == "PAUSED"
    assert rotated["secret"] not in ("", made["secret"])
    assert removed.status_code == 204
    assert Endpoint.objects.get().state == "DISABLED"


def test_events_are_listed_and_sent_again(api, north):
    made = post(api, "webhook-endpoints", BODY).json()
    outbox.record("invoice.issued", subject="inv_1", facility=north, data={"total": 5})
    outbox.record("invoice.paid", subject="inv_1", facility=make.facility("LAKE"), data={})
    Delivery.objects.all().delete()

    items = api.get("/api/ach/events").json()["items"]
    asked = {"since": items[0]["time"], "until": items[0]["time"]}
    replayed = post(api, f"webhook-endpoints/{made['id']}/replays", asked)

    assert [(item["type"], item["sequence"]) for item in items] == [("invoice.issued", 1)]
    assert api.get(f"/api/ach/events/{items[0]['id']}").json() == items[0]
    assert api.get("/api/ach/events?type=invoice.paid").json()["items"] == []
    assert (replayed.status_code, replayed.json()) == (202, {"count": 1})
    assert Delivery.objects.get().state == "PENDING"


def test_without_the_scope_nothing_is_told(north):
    api = make.api("invoices:read", facilities=[north])

    assert api.get("/api/ach/events").status_code == 403
    assert post(api, "webhook-endpoints", BODY).status_code == 403


@pytest.mark.parametrize("path", ["events?subject=%00", "events/%00", "webhook-endpoints/%00"])
def test_a_zero_character_in_an_address_is_no_crash(api, path):
    answer = api.get(f"/api/ach/{path}")

    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
