"""Invoices over HTTP."""

from datetime import UTC, datetime
from io import BytesIO

import pytest
from pypdf import PdfReader

from billing.commands import set_price
from billing.models import Invoice, Patient
from hms_ach import clock
from hms_ach.money import Money
from tests.make import access
from tests.make import billing as make

pytestmark = pytest.mark.django_db

AT = "/lines/0/"
MOMENT = datetime(2026, 3, 12, 15, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def on_the_day():
    with clock.at(MOMENT):
        yield


@pytest.fixture
def north():
    return make.hospital()


@pytest.fixture
def dan(north):
    return make.clerk(north)


@pytest.fixture
def priced(dan):
    """A visit at 125.00 for everybody."""
    visit = make.service(dan, code="99213")
    set_price(
        price_list_id=make.price_list(dan).pk,
        service_id=visit.pk,
        amount=Money(125_00, "USD"),
        starts_on=make.DAY.replace(month=1, day=1),
        actor=dan,
    )
    return visit


@pytest.fixture
def client(north):
    return access.api("invoices:read", "invoices:write", facilities=[north])


def body(**changes) -> dict:
    asked = {
        "facility": "NORTH",
        "patient": {"mrn": "N1", "family_name": "Okafor", "given_name": "Maya"},
        "kind": "PATIENT",
        "lines": [{"service": "99213", "quantity": 2, "service_on": "2026-03-11"}],
    }
    return {name: value for name, value in {**asked, **changes}.items() if value is not None}


def post(client, asked: dict, *, key: str = "key-00000001", path: str = ""):
    return client.post(
        f"/api/ach/invoices{path}", asked, content_type="application/json", headers={"Idempotency-Key": key}
    )


def test_an_invoice_is_made_priced_and_issued(client, priced):
    response = post(client, body())

    made = response.json()
    assert response.status_code == 201, made
    assert response.headers["Location"] == f"/api/ach/invoices/{made['id']}"
    assert (made["number"], made["state"]) == ("NORTH-2026-000001", "ISSUED")
    assert made["total"] == made["balance"] == {"amount": "250.00", "currency": "USD"}
    assert made["lines"][0]["why_this_price"][0]["list"] == "Everybody"
    assert client.get(f"/api/ach/invoices/{made['id']}").json() == made


def test_the_same_request_twice_bills_once(client, priced):
    first, second = post(client, body()), post(client, body())

    assert second.content == first.content
    assert Invoice.objects.count() == 1


def test_without_a_key_nothing_is_billed(client, priced):
    response = client.post("/api/ach/invoices", body(), content_type="application/json")

    assert response.status_code == 400
    assert not Invoice.objects.exists()


def test_a_bill_is_split_between_patient_and_insurer(client, priced, dan):
    make.payer(dan)
    parties = [{"kind": "PATIENT", "weight": 20}, {"kind": "INSURER", "payer": "AETN", "weight": 80}]

    made = post(client, body(kind=None, parties=parties)).json()

    assert made["total"]["amount"] == "50.00"
    assert [row["total"]["amount"] for row in made["bill_invoices"]] == ["200.00"]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        (
            {"lines": [{"service": "99214", "service_on": "2026-03-11"}]},
            "/lines/0/service",
            "service_unknown",
        ),
        (
            {"lines": [{"service": "99213", "service_on": "2026-03-13"}]},
            "/lines/0/service_on",
            "service_in_future",
        ),
        (
            {"lines": [{"service": "99213", "service_on": "2025-12-31"}]},
            "/lines/0/service",
            "service_unpriced",
        ),
        ({"lines": [{"service": "99213", "service_on": "soon"}]}, "/lines/0/service_on", "invalid"),
        (
            {"lines": [{"service": "99213", "service_on": "2026-03-11", "quantity": -1}]},
            "/lines/0/quantity",
            "min_value",
        ),
        ({"lines": []}, "/lines", "empty"),
        ({"facility": "SOUTH"}, "/facility", "facility_unknown"),
        ({"currency": "XXX"}, "/currency", "unknown"),
        ({"currency": "EUR"}, AT + "service", "service_unpriced"),
        ({"colour": "red"}, "/colour", "unknown"),
        (
            {
                "currency": "JPY",
                "lines": [
                    {
                        "service": "99213",
                        "service_on": "2026-03-11",
                        "unit_price": {"amount": "10.00", "currency": "JPY"},
                    }
                ],
            },
            "/lines/0/unit_price",
            "money_malformed",
        ),
    ],
)
def test_a_refusal_points_at_the_member_and_leaves_nothing(client, priced, changes, pointer, code):
    response = post(client, body(**changes))

    problem = response.json()
    assert response.status_code == 422, problem
    assert [(error["pointer"], error["code"]) for error in problem["errors"]] == [(pointer, code)]
    assert not Patient.objects.exists()


def test_an_mrn_of_somebody_else_is_refused_without_the_name(client, priced, north, dan):
    make.patient(north, dan, name="Ada Quist", mrn="N1")

    response = post(client, body())

    assert response.json()["code"] == "patient_differs"
    assert "Quist" not in response.text


def test_yen_have_no_decimals(client, priced, dan):
    price = {"amount": "1500", "currency": "JPY"}
    line = {"service": "99213", "service_on": "2026-03-11", "unit_price": price}
    made = post(client, body(currency="JPY", lines=[line], issue=False)).json()

    assert made["code"] == "rate_missing"
    assert "JPY" in made["detail"]


def test_an_invoice_is_cancelled_with_a_reason(client, priced):
    made = post(client, body()).json()

    response = post(
        client,
        {"reason_code": "DUPLICATE", "reason": "Sent twice"},
        key="key-00000002",
        path=f"/{made['id']}/cancellation",
    )

    assert response.json()["state"] == "CANCELLED"
    assert response.json()["cancellation"]["reason"] == "Sent twice"


def test_the_list_is_filtered_and_scoped(client, priced, dan):
    made = post(client, body()).json()
    lake = make.hospital(code="LAKE")
    make.issued(lake, make.patient(lake, dan, mrn="L1"), dan)

    assert [row["id"] for row in client.get("/api/ach/invoices?state=ISSUED&patient=N1").json()["items"]] == [
        made["id"]
    ]
    assert len(client.get("/api/ach/invoices").json()["items"]) == 1
    assert client.get("/api/ach/invoices?issued_from=2026-03-13").json()["items"] == []
    assert client.get("/api/ach/invoices?colour=red").status_code == 400


def test_an_invoice_of_another_facility_is_not_found(client, dan):
    lake = make.hospital(code="LAKE")
    hidden = make.issued(lake, make.patient(lake, dan), dan)

    assert client.get(f"/api/ach/invoices/{hidden.public_id}").status_code == 404


def test_the_pdf_shows_number_total_and_no_contact_data(client, priced):
    given = {"mrn": "N1", "family_name": "Okafor", "given_name": "Maya", "phone": "212-555-0100"}
    made = post(client, body(patient=given)).json()

    response = client.get(f"/api/ach/invoices/{made['id']}/pdf", headers={"Accept": "application/pdf"})

    text = "".join(page.extract_text() for page in PdfReader(BytesIO(response.content)).pages)
    assert response.headers["Content-Type"] == "application/pdf"
    assert "NORTH-2026-000001" in text
    assert "$250.00" in text
    assert "0100" not in text


def test_reading_needs_the_scope(north):
    assert access.api("payments:read", facilities=[north]).get("/api/ach/invoices").status_code == 403
