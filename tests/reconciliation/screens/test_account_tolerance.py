"""The screens of tolerances, and their list in the API."""

from datetime import UTC, datetime

import pytest
from django.urls import reverse

from hms_ach import clock
from reconciliation.models import AccountTolerance
from tests.make import access
from tests.make import reconciliation as make

NOON = datetime(2026, 3, 12, 17, tzinfo=UTC)
NEW = "/reconciliation/tolerances/new/"
SAID = {
    "account": "NORTH-OP",
    "kind": "deposit",
    "direction": "EITHER",
    "largest": "5.00",
    "per_mille": "",
    "role": "cash.over_short",
    "valid_from": "2026-03-12",
    "valid_to": "",
    "reason": "counted by machine",
}


@pytest.fixture
def north(db):
    with clock.at(NOON):
        yield make.bank_account(make.hospital()).facility


def test_a_tolerance_goes_from_one_person_to_another_and_ends(north):
    eve, finn = access.signed_in(make.reviewer(north)), access.signed_in(make.approver(north))
    assert b"NORTH-OP" in eve.get(f"{NEW}?account=NORTH-OP").content
    eve.post(NEW, SAID)
    row = AccountTolerance.objects.get()
    address = reverse("reconciliation:tolerance-detail", args=[row.public_id])
    decision = f"{address}decision/"

    assert b"Withdraw" in eve.get(address).content
    eve.post(decision, {"verdict": "approve"})
    assert AccountTolerance.objects.get().verdict is None
    assert b"Tolerances to approve" in finn.get("/").content
    finn.post(decision, {"verdict": "reject"})
    assert AccountTolerance.objects.get().verdict is None
    finn.post(decision, {"verdict": "approve"})
    assert b"0 matches" in finn.get(address).content
    eve.post(decision, {"verdict": "end", "reason": "by hand again"})

    assert AccountTolerance.objects.get().state == "ENDED"
    assert b"by hand again" in eve.get(address).content
    assert b"NORTH-OP" in eve.get(reverse("reconciliation:tolerance-list")).content


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ({"largest": "0.00"}, "above zero"),
        ({"largest": "5,0,0"}, "5,0,0"),
        ({"largest": "99999999999999999999"}, "99999999"),
        ({"per_mille": "51"}, "less than or equal to 50"),
        ({"kind": "remittance"}, "not one of the available choices"),
        ({"role": "fee.merchant"}, "does not take the difference of a deposit"),
        ({"valid_from": "2026-03-11"}, "at the earliest"),
        ({"valid_to": "2026-03-11"}, "not before its first"),
        ({"valid_from": "soon"}, "Enter a valid date"),
        ({"account": "SOUTH-OP"}, "Select a valid choice"),
        ({"reason": ""}, "This field is required"),
    ],
)
def test_what_cannot_be_is_said_at_the_form_and_what_was_typed_stays(north, said, told):
    eve = access.signed_in(make.reviewer(north))

    answer = eve.post(NEW, SAID | {"reason": "kept words"} | said)

    assert answer.status_code == 422
    assert told in answer.content.decode()
    assert said.get("reason") == "" or "kept words" in answer.content.decode()
    assert not AccountTolerance.objects.exists()


def test_the_api_lists_those_of_its_facilities(north):
    eve, other = make.reviewer(north), make.hospital("SOUTH")
    access.signed_in(eve).post(NEW, SAID)

    mine = access.api("statements:read", facilities=[north]).get("/api/ach/tolerances").json()
    theirs = access.api("statements:read", facilities=[other]).get("/api/ach/tolerances").json()

    assert [row["largest"] for row in mine["items"]] == [{"amount": "5.00", "currency": "USD"}]
    assert theirs["items"] == []
