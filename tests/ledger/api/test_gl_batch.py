"""GET /api/ach/gl-batches."""

import hashlib

import pytest
from django.test import Client

from ledger.commands import build_gl_batch
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
    return build_gl_batch(facility=facility, business_on=make.DAY, actor=None)


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
    assert first.content == again.content
    assert first["ETag"] == f'"{hashlib.sha256(first.content).hexdigest()}"'


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

    assert not GlBatch.objects.exists()
    for method in ["post", "put", "patch", "delete"]:
        assert getattr(erp, method)(LIST, {}, content_type="application/json").status_code == 405


def test_foreign_batches_and_missing_scopes_are_refused(batch):
    foreign = access.api("gl:read", facilities=[make.book()])
    other_scope = access.api("invoices:read")

    assert foreign.get(f"{LIST}/{batch.public_id}").status_code == 404
    assert other_scope.get(LIST).status_code == 403
    assert Client().get(LIST).status_code == 401
