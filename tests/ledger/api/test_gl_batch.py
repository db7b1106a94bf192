"""GET /api/ach/gl-batches."""

import hashlib

import pytest
from django.test import Client

from ledger.commands import reject_gl_batch
from ledger.models import GlBatch
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
LIST = "/api/ach/gl-batches"


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def erp(facility) -> Client:
    return access.api("gl:read", facilities=[facility])


@pytest.fixture
def batch(facility):
    make.entry(facility)
    return make.released_batch(facility)


def test_the_list_shows_batches_with_their_totals_and_filters(erp, batch):
    listed = erp.get(LIST, {"facility": "NORTH", "since": "2026-03-01"}).json()
    none = erp.get(LIST, {"since": "2026-04-01"}).json()

    assert [item["id"] for item in listed["items"]] == [batch.public_id]
    assert listed["items"][0]["functional_debit"] == {"amount": "125.00", "currency": "USD"}
    assert none["items"] == []


@pytest.mark.parametrize(
    "ask, media",
    [
        ({"layout": "csv"}, "text/csv"),
        ({"layout": "jsonl"}, "application/jsonl"),
        ({"layout": "json"}, "application/json"),
        ({}, "application/json"),
    ],
)
def test_a_batch_comes_in_each_layout_with_the_same_bytes_and_its_digest(erp, batch, ask, media):
    first = erp.get(f"{LIST}/{batch.public_id}", ask)
    again = erp.get(f"{LIST}/{batch.public_id}", ask)

    assert first["Content-Type"].startswith(media)
    content = first.getvalue()
    assert content == again.getvalue()
    assert first["ETag"] == f'"{hashlib.sha256(content).hexdigest()}"'


def test_a_rejected_batch_hands_out_no_byte(erp, batch):
    reject_gl_batch(batch=batch, reason="Wrong day", actor=make.person("rejecter"))

    refused = erp.get(f"{LIST}/{batch.public_id}", {"layout": "csv"})

    assert (refused.status_code, refused.json()["code"]) == (409, "gl_batch_not_released")
    assert refused["Content-Type"] == "application/problem+json"


def test_the_accept_header_chooses_the_layout(erp, batch):
    answer = erp.get(f"{LIST}/{batch.public_id}", HTTP_ACCEPT="text/csv")

    assert answer["Content-Type"].startswith("text/csv")


@pytest.mark.parametrize("ask", [{"layout": "pdf"}, {"colour": "red"}, {"since": "soon"}])
def test_what_is_not_known_is_refused(erp, batch, ask):
    where = f"{LIST}/{batch.public_id}" if "layout" in ask else LIST

    assert erp.get(where, ask).status_code in (400, 422)


def test_reading_builds_nothing_and_nothing_can_be_written(erp, facility):
    make.entry(facility)

    erp.get(LIST)

    assert erp.post(LIST, {}, content_type="application/json").status_code == 403
    assert not GlBatch.objects.exists()
    for method in ["put", "patch", "delete"]:
        assert getattr(erp, method)(LIST, {}, content_type="application/json").status_code in (403, 405)


def test_foreign_batches_and_missing_scopes_are_refused(batch):
    foreign = access.api("gl:read", facilities=[make.book()])
    other_scope = access.api("invoices:read")

    assert foreign.get(f"{LIST}/{batch.public_id}").status_code == 404
    assert other_scope.get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 401


@pytest.fixture
def ledger_client(facility) -> Client:
    return access.api("gl:read", "gl:write", "gl:ack", facilities=[facility])


def post(client, address, body):
    return client.post(address, body, content_type="application/json")


def test_a_built_batch_is_released_only_by_a_person(ledger_client, facility):
    make.entry(facility)

    built = post(ledger_client, LIST, {"facility": "NORTH", "business_on": "2026-03-12"})

    assert (built.status_code, built.json()["state"]) == (201, "VALIDATED")
    assert ledger_client.get(LIST).json()["items"] == []
    waiting = ledger_client.get(LIST, {"state": "VALIDATED"}).json()["items"]
    assert [item["id"] for item in waiting] == [built.json()["id"]]
    assert ledger_client.get(f"{LIST}/{built.json()['id']}").status_code == 404


def test_an_acknowledgment_is_taken_once_and_shown(ledger_client, batch):
    where = f"{LIST}/{batch.public_id}"
    exported = post(ledger_client, f"{where}/exports", {"layout": "workday"})
    said = {"outcome": "posted", "journal": "JE-2026-0042"}

    first = post(ledger_client, f"{where}/acknowledgments", said)
    again = post(ledger_client, f"{where}/acknowledgments", said)
    other = post(ledger_client, f"{where}/acknowledgments", said | {"journal": "JE-1"})

    assert exported.json()["state"] == "EXPORTED"
    assert first.json() == again.json()
    assert [step["state"] for step in first.json()["steps"]][-3:] == ["EXPORTED", "ACKNOWLEDGED", "POSTED"]
    assert (other.status_code, other.json()["code"]) == (409, "acknowledgment_differs")
    assert ledger_client.get(LIST).json()["items"][0]["journal"] == "JE-2026-0042"


@pytest.mark.parametrize(
    "said, status",
    [
        ({"outcome": "posted"}, 422),
        ({"outcome": "rejected"}, 422),
        ({"outcome": "lost"}, 422),
        ({"outcome": "rejected", "message": "Period closed"}, 201),
    ],
)
def test_an_acknowledgment_says_what_it_must(ledger_client, batch, said, status):
    answer = post(ledger_client, f"{LIST}/{batch.public_id}/acknowledgments", said)

    assert answer.status_code == status


def test_reading_does_not_allow_acknowledging(erp, batch):
    answer = post(erp, f"{LIST}/{batch.public_id}/acknowledgments", {"outcome": "accepted"})

    assert answer.status_code == 403
