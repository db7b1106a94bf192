"""Advices over HTTP: announced once by programs, as JSON or as the file."""

import pytest

from cashiering.models import Advice
from tests.make import access
from tests.make import cashiering as make
from tests.make.advice import Payment, remittances

pytestmark = pytest.mark.django_db

ASKED = {
    "facility": "T1",
    "kind": "remittance",
    "amount": {"amount": "125.00", "currency": "USD"},
    "reference": "T100",
    "payer_id": "1512345678",
    "expected_on": "2026-03-13",
}


@pytest.fixture
def till():
    return make.till(code="T1")


@pytest.fixture
def api(till):
    return access.api("advices:write", facilities=[till.facility])


def announced(api, **more):
    return api.post("/api/ach/advices", ASKED | more, content_type="application/json")


def put(api, content: bytes, place: str = "T1"):
    return api.put(f"/api/ach/advice-files/{place}/era.835", content, content_type="application/octet-stream")


def test_an_advice_is_taken_once_listed_and_read(api):
    first, again = announced(api), announced(api)

    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert first.json()["state"] == "awaiting"
    listed = api.get("/api/ach/advices").json()
    assert [row["reference"] for row in listed["items"]] == ["T100"]
    assert api.get(f"/api/ach/advices/{first.json()['id']}").json() == first.json()
    assert api.get("/api/ach/advices/adv_none").status_code == 404


def test_another_amount_for_the_same_trace_is_a_problem(api):
    announced(api)

    answer = announced(api, amount={"amount": "1.00", "currency": "USD"})

    assert (answer.status_code, answer.json()["code"]) == (409, "advice_contradicts")


@pytest.mark.parametrize(
    "wrong",
    [
        {"amount": {"amount": "0.00", "currency": "USD"}},
        {"kind": "deposit"},
        {"facility": "T9"},
        {"expected_on": "soon"},
        {"reference": ""},
        {"amount": {"amount": "5", "currency": "JPY"}},
    ],
)
def test_what_cannot_be_is_refused_and_nothing_kept(api, wrong):
    assert announced(api, **wrong).status_code in (400, 422)
    assert Advice.objects.count() == 0


def test_a_file_announces_all_or_nothing_once(api):
    content = remittances(Payment("T1"), Payment("T2"))

    answers = [put(api, content), put(api, content), put(api, content[:-20]), put(api, content, "T9")]

    assert [answer.status_code for answer in answers] == [201, 200, 422, 422]
    assert [row["reference"] for row in answers[0].json()] == ["T1", "T2"]
    assert Advice.objects.count() == 2


def test_a_client_without_the_scope_is_refused(till):
    assert announced(access.api("deposits:read", facilities=[till.facility])).status_code == 403
