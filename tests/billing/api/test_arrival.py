"""Visits told over the API: each once by its number, of one's own facilities only."""

import pytest

from billing.models import Arrival
from hms_ach.audit.models import Event
from tests.make import access
from tests.make import billing as make

pytestmark = pytest.mark.django_db
WHERE = "/api/ach/arrivals"
MAYA = {"mrn": "M1", "family_name": "Okafor", "given_name": "Maya"}
VISIT = {
    "patient": MAYA,
    "state": "EXPECTED",
    "expected_at": "2026-03-12T14:00:00Z",
    "copay": {"amount": "25.00", "currency": "USD"},
}


@pytest.fixture
def client():
    here = make.hospital(code="NORTH")
    make.hospital(code="SOUTH")
    return access.api("arrivals:read", "arrivals:write", facilities=[here])


def tell(client, key="V1", *, where="NORTH", **said):
    body = {name: value for name, value in (VISIT | said).items() if value is not None}
    return client.put(f"{WHERE}/{where}/{key}", body, content_type="application/json")


def test_a_visit_is_told_as_it_goes_on_and_listed(client):
    assert tell(client).status_code == 201

    here = tell(client, state="ARRIVED")
    left = tell(client, state="LEFT")

    assert (here.status_code, left.status_code) == (200, 200)
    assert here.json()["arrived_at"] == left.json()["arrived_at"] is not None
    (listed,) = client.get(WHERE).json()["items"]
    assert (listed["key"], listed["mrn"], listed["state"]) == ("V1", "M1", "LEFT")
    assert listed["copay"] == {"amount": "25.00", "currency": "USD"}
    assert Event.objects.filter(action="billing.tell_arrival").count() == 3


def test_the_same_again_changes_nothing(client):
    first = tell(client)
    told_at = Arrival.objects.get().told_at

    again = tell(client)

    assert (again.status_code, again.json()) == (200, first.json())
    assert Arrival.objects.get().told_at == told_at


def test_an_unknown_copay_is_null_and_none_to_pay_is_zero(client):
    assert tell(client, copay=None).json()["copay"] is None
    assert tell(client, copay={"amount": "0.00", "currency": "USD"}).json()["copay"]["amount"] == "0.00"


@pytest.mark.parametrize(
    ("said", "status", "code"),
    [
        ({"copay": {"amount": "25.00", "currency": "EUR"}}, 422, "copay_other_currency"),
        ({"copay": {"amount": "-1.00", "currency": "USD"}}, 422, ""),
        ({"state": "SLEEPING"}, 422, ""),
        ({"patient": {"mrn": "M9"}}, 422, "patient_unknown"),
        ({"key": "V" * 61}, 422, "visit_number_unfit"),
        ({"where": "SOUTH"}, 422, ""),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(client, said, status, code):
    answer = tell(client, **said)

    assert answer.status_code == status, answer.json()
    assert not code or answer.json()["code"] == code
    assert not Arrival.objects.exists()


def test_a_visit_does_not_become_another_patients(client):
    tell(client)

    answer = tell(client, patient={"mrn": "M2", "family_name": "Lee", "given_name": "Ann"})

    assert (answer.status_code, answer.json()["code"]) == (409, "arrival_of_another")
    assert Arrival.objects.get().patient.mrn == "M1"


def test_other_scopes_tell_no_visit():
    client = access.api("invoices:write", facilities=[make.hospital(code="NORTH")])

    assert tell(client).status_code == 403
