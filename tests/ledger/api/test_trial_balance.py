"""The trial balance over the API."""

from datetime import date

import pytest

from ledger.commands import close_year, request_year_close
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
ADDRESS = "/api/ach/trial-balances"
DECEMBER = date(2026, 12, 15)
ORDER = ("opening", "balance", "closing")


@pytest.fixture
def facility():
    facility = make.book(day=DECEMBER, code="NORTH")
    lines = make.lines(500_00, debit="receivable.unbilled", credit="revenue.patient_services")
    make.entry(facility, day=DECEMBER, postings=lines)
    asked = request_year_close(legal_entity=facility.legal_entity, fiscal_year=2026, actor=make.person("gil"))
    close_year(request_id=asked.pk, actor=make.person("hana"))
    return facility


def told(facility, **more):
    client = access.api("gl:read", facilities=[facility])
    return client.get(ADDRESS, {"legal_entity": "ENORTH", "until": "2026-12-31"} | more)


def test_it_is_balanced_after_closing_and_before(facility):
    after, before = told(facility).json(), told(facility, before_closing="true").json()

    assert before["debit"] == before["credit"] == {"amount": "500.00", "currency": "USD"}
    assert {row["account"]: row["balance"]["amount"] for row in before["items"]}["4010"] == "-500.00"
    assert {row["account"]: row["balance"]["amount"] for row in after["items"]}["4010"] == "0.00"
    assert before["before_closing"]
    assert before["facilities"] == ["NORTH"]


def test_some_days_have_what_was_carried_in_and_out(facility):
    lines = make.lines(20_00, debit="cash.drawer", credit="receivable.unbilled")
    make.entry(facility, day=date(2026, 12, 20), postings=lines)

    whole, days = told(facility).json(), told(facility, since="2026-12-20", before_closing="true").json()

    assert whole["opening"] is whole["closing"] is whole["items"][0]["opening"] is None
    assert days["opening"]["amount"] == days["closing"]["amount"] == "0.00"
    rows = {row["account"]: [row[name]["amount"] for name in ORDER] for row in days["items"]}
    assert rows["1005"] == ["0.00", "20.00", "20.00"]
    assert sorted(rows.values())[0] == ["-500.00", "0.00", "-500.00"]
    assert ["500.00", "-20.00", "480.00"] in rows.values()


def test_the_days_must_not_end_before_they_begin(facility):
    refused = told(facility, since="2027-01-01")

    assert refused.status_code == 422
    assert "This day is after until" in refused.content.decode()


@pytest.mark.parametrize(
    ("more", "status"), [({"until": "x"}, 422), ({"legal_entity": "OTHER"}, 404), ({"moon": "1"}, 400)]
)
def test_what_cannot_be_answered_is_refused(facility, more, status):
    assert told(facility, **more).status_code == status


def test_another_scope_reads_nothing(facility):
    client = access.api("rates:read", facilities=[facility])

    assert client.get(ADDRESS, {"legal_entity": "ENORTH", "until": "2026-12-31"}).status_code == 403
