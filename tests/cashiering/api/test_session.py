"""Sessions, reads and deposits over the API: all to read, and no cash figure before the count."""

import json

import pytest

from cashiering.commands import prepare_deposit
from hms_ach.money import Money
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def client(given: make.Till):
    return access.api("sessions:read", "deposits:read", facilities=[given.facility])


def test_no_answer_tells_of_cash_before_the_count_is_committed():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(37_00))
    make.paid(session, given, make.card(12_00))
    program = client(given)

    answers = [
        program.get(f"/api/ach/sessions{rest}")
        for rest in ("", f"/{session.public_id}", f"/{session.public_id}/reading")
    ]

    assert [answer.status_code for answer in answers] == [200, 200, 200]
    said = " ".join(answer.content.decode() for answer in answers)
    assert not any(figure in said for figure in ("37.00", "237.00", "200.00"))
    read = answers[2].json()
    assert (read["is_final"], read["drawers"], read["z_number"]) == (False, [], None)
    by_kind = {one["kind"]: one["amount"] for one in read["tenders"]}
    assert by_kind == {"CARD": {"amount": "12.00", "currency": "USD"}, "CASH": None}


def test_a_counted_session_answers_its_z_read_as_it_was_kept():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(37_00))
    make.counted(session, 236_00)

    read = client(given).get(f"/api/ach/sessions/{session.public_id}/reading").json()

    assert (read["is_final"], read["z_number"]) == (True, 1)
    assert read["drawers"][0]["expected"]["amount"] == "237.00"
    assert read["drawers"][0]["difference"]["amount"] == "-1.00"


def test_a_deposit_answers_its_bag_and_where_it_is():
    given = make.till()
    session = make.opened(given)
    make.paid(session, given, make.cash(30_00))
    make.approved(session, given, 230_00)
    bag = prepare_deposit(
        facility=given.facility,
        sessions=[session.pk],
        cheques=[],
        declared_cash=Money(30_00, "USD"),
        declared_cheques=Money(0, "USD"),
        bag_number="B1",
        slip_number="S1",
        actor=given.cora,
    )

    listed = client(given).get("/api/ach/deposits").json()["items"]
    one = client(given).get(f"/api/ach/deposits/{bag.public_id}").json()

    assert listed == [one]
    assert (one["state"], one["total"]["amount"]) == ("prepared", "30.00")


def test_another_facility_and_a_missing_scope_see_nothing():
    given, other = make.till(), make.till()
    session = make.opened(given)
    stranger = client(other)
    unscoped = access.api("payments:read", facilities=[given.facility])

    assert stranger.get(f"/api/ach/sessions/{session.public_id}").status_code == 404
    assert json.loads(stranger.get("/api/ach/sessions").content)["items"] == []
    assert unscoped.get("/api/ach/sessions").status_code == 403
    assert unscoped.get("/api/ach/deposits").status_code == 403
