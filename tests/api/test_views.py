"""The base of all API views: tokens, scopes, bodies, problems, pages, repeated requests."""

import json

import pytest

from hms_ach.access.commands import change_api_scopes, revoke_facility, suspend_api_client
from hms_ach.access.models import NumberSeries
from tests.make import access as make

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.api.sample_urls")]

BOTH = ("payments:read", "payments:write")


@pytest.fixture
def north():
    return make.facility("NORTH")


@pytest.fixture
def api(north):
    return make.api(*BOTH, facilities=[north])


def give(api, *, key="key-00001", amount="125.00", facility="NORTH", **more):
    body = {"amount": {"amount": amount, "currency": "USD"}, "facility": facility, **more}
    headers = {"Idempotency-Key": key} if key else {}
    return api.post("/api/ach/gifts", body, content_type="application/json", headers=headers)


def test_money_is_read_and_written_as_decimal_strings(api):
    answer = give(api)

    assert answer.status_code == 201
    assert answer.json()["amount"] == {"amount": "125.00", "currency": "USD"}
    assert answer["Location"] == "/api/ach/gifts/1"


def test_a_repeated_request_acts_once_and_gets_the_same_bytes(api):
    first = give(api)
    second = give(api)

    assert second.content == first.content
    assert second.status_code == 201
    assert second["Location"] == first["Location"]
    assert NumberSeries.objects.get(series="gift").last_number == 1


def test_another_body_under_the_same_key_is_refused(api):
    give(api)

    answer = give(api, amount="126.00")

    assert (answer.status_code, answer.json()["code"]) == (422, "idempotency_key_reused")


def test_a_write_of_money_without_a_key_is_refused_and_does_nothing(api):
    answer = give(api, key=None)

    assert (answer.status_code, answer.json()["code"]) == (400, "idempotency_key_missing")
    assert not NumberSeries.objects.exists()


@pytest.mark.parametrize("key", ["short", "with space inside", "x" * 256])
def test_a_malformed_key_is_refused(api, key):
    assert give(api, key=key).json()["code"] == "idempotency_key_malformed"


@pytest.mark.parametrize("amount", ["125.0", "125.000", "0.00", "-5.00", "1e3", "125,00", " 1.00", 125])
def test_an_amount_that_is_not_exact_is_refused_at_its_place(api, amount):
    answer = give(api, amount=amount)

    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"
    assert [error["pointer"] for error in answer.json()["errors"]] == ["/amount"]


def test_a_facility_of_others_is_as_unknown_as_a_missing_one(api):
    make.facility("LAKE")

    foreign, missing = give(api, facility="LAKE"), give(api, facility="NOWHERE")

    assert foreign.status_code == missing.status_code == 422
    assert foreign.json()["errors"][0]["code"] == missing.json()["errors"][0]["code"] == "facility_unknown"


def test_a_facility_taken_back_is_closed_at_the_next_request(north):
    client = make.api_client(*BOTH, facilities=[north])
    api = make.Client(headers={"Authorization": f"Bearer {make.token(client)}"})
    assert give(api).status_code == 201

    revoke_facility(client.user, north)

    assert give(api, key="key-00002").status_code == 422


def test_a_refusal_becomes_a_problem(api):
    answer = api.post("/api/ach/doors", {"door": "front"}, content_type="application/json")

    assert answer.status_code == 409
    assert answer.json() == {
        "type": "urn:hms-ach:problem:door_closed",
        "title": "Door closed",
        "status": 409,
        "detail": "The door front is closed. Ring the bell.",
        "code": "door_closed",
    }


def test_a_rejected_file_names_its_findings_but_not_their_values(api):
    answer = api.post("/api/ach/doors", {"door": "file"}, content_type="application/json")

    assert answer.status_code == 422
    assert answer.json()["findings"] == [
        {"line": 7, "field": "amount", "problem": "not a number", "rule": "camt.053 2.1", "is_fatal": True}
    ]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"{", "line 1, column 2"),
        (b'{"door": NaN}', "NaN"),
        (b'{"door": 1, "door": 2}', "twice"),
        (b'{"a": ' + b"[" * 40 + b"]" * 40 + b"}", "deeper than 32"),
        (b'{"door": "\xff"}', "UTF-8"),
        (b'{"a": "' + b"x" * 1024 * 1024 + b'"}', "larger than"),
        (b'{"a": ' + b"9" * 5000 + b"}", "not usable JSON"),
    ],
)
def test_a_body_that_cannot_be_trusted_is_refused(api, body, says):
    answer = api.post("/api/ach/doors", body, content_type="application/json")

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed_json")
    assert says in answer.json()["detail"]


def test_a_form_is_refused(api):
    assert api.post("/api/ach/doors", {"door": "front"}).status_code == 415


def test_without_a_token_nothing_is_answered(client):
    answer = client.get("/api/ach/gifts")

    assert (answer.status_code, answer.json()["code"]) == (401, "not_authenticated")
    assert "Bearer" in answer["WWW-Authenticate"]


def test_a_scope_that_the_token_lacks_is_named(north):
    reader = make.api("payments:read", facilities=[north])

    answer = give(reader)

    assert answer.status_code == 403
    assert "payments:write" in answer.json()["detail"]


def test_a_permission_that_the_role_lacks_is_refused(api):
    assert api.get("/api/ach/forbidden").status_code == 403


def test_a_suspended_client_and_a_lost_scope_are_refused_at_once(north):
    client = make.api_client(*BOTH, facilities=[north])
    headers = {"Authorization": f"Bearer {make.token(client)}"}
    api = make.Client(headers=headers)
    admin = make.user("ADMINISTRATOR")

    change_api_scopes(client=client, scopes=["payments:read"], actor=admin)
    assert give(api).status_code == 401

    reader = make.Client(headers={"Authorization": f"Bearer {make.token(client)}"})
    assert reader.get("/api/ach/gifts").status_code == 200
    suspend_api_client(client=client, reason="leaked", actor=admin)
    assert reader.get("/api/ach/gifts").status_code == 401


@pytest.mark.parametrize(
    "query", ["colour=red", "color=red&color=blue", "limit=0", "limit=201", "cursor=x%00"]
)
def test_a_query_that_is_not_understood_is_refused(api, query):
    assert api.get(f"/api/ach/gifts?{query}").status_code == 400


def test_pages_join_without_gap_or_overlap(api, north):
    NumberSeries.objects.bulk_create(
        NumberSeries(series="s", facility=north, year=year, last_number=1) for year in range(2000, 2007)
    )

    seen, address = [], "/api/ach/gifts?limit=3"
    while address:
        answer = api.get(address).json()
        seen += [item["year"] for item in answer["items"]]
        address = answer["next"]

    assert seen == list(range(2006, 1999, -1))


def test_more_requests_than_the_rate_are_told_to_wait(api, monkeypatch):
    monkeypatch.setattr("hms_ach.api.throttles.ClientThrottle.rate", "2/min", raising=False)

    answers = [api.get("/api/ach/gifts") for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[2]["Retry-After"]) <= 61


def test_the_api_describes_itself(api):
    described = json.loads(api.get("/api/ach/openapi").content)

    gifts = described["paths"]["/api/ach/gifts"]
    assert described["openapi"] == "3.1.0"
    assert gifts["post"]["security"] == [{"oauth2": ["payments:write"]}]
    assert [p["name"] for p in gifts["post"]["parameters"]] == ["Idempotency-Key"]
    assert "4XX" in gifts["get"]["responses"]


def test_a_body_of_unknown_length_is_refused_and_not_taken_for_none(api):
    answer = api.generic("POST", "/api/ach/gifts", headers={"Transfer-Encoding": "chunked"})

    assert (answer.status_code, answer.json()["code"]) == (411, "length_required")


def test_a_member_that_is_not_known_is_refused_by_name(api):
    answer = give(api, allocatoins=[])

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"] == "/allocatoins"
    assert not NumberSeries.objects.filter(series="gift").exists()
