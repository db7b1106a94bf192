"""Journals by program: prepared over the API, refused where the book would refuse, approved by a person."""

from datetime import date

import pytest

from hms_ach.access.models import Department
from ledger.commands import acknowledge_gl_batch, approve_journal, hard_close, open_period
from ledger.models import Account, Entry, Journal, Period
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
WHERE = "/api/ach/journals"


def usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


RENT = [{"account": "8510", "debit": usd("100.00")}, {"account": "1001", "credit": usd("100.00")}]


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def payroll(facility):
    other = make.book(code="SOUTH")
    Department.objects.create(facility=other, code="WB", name="Ward")
    return access.api("journals:read", "journals:write", facilities=[facility])


def sent(client, lines=RENT, **more):
    body = {"facility": "NORTH", "effective_on": "2026-03-12", "memo": "Rent", "lines": lines} | more
    return client.post(WHERE, body, content_type="application/json")


def test_a_journal_is_prepared_by_a_program_approved_by_a_person_and_followed_to_the_general_ledger(
    facility, payroll
):
    answer = sent(payroll)
    journal = Journal.objects.get()
    assert (answer.status_code, answer.json()["state"], Entry.objects.count()) == (201, "PROPOSED", 0)

    approve_journal(journal_id=journal.pk, actor=access.user("FINANCE_APPROVER", facilities=[facility]))
    batch = make.released_batch(facility)
    acknowledge_gl_batch(batch=batch, outcome="posted", journal="JE-7", message="", actor=make.person("erp"))
    shown = payroll.get(f"{WHERE}/{journal.public_id}").json()

    assert shown["entry"] == Entry.objects.get().public_id
    assert [(line["account"], line["debit"], line["credit"]) for line in shown["lines"]] == [
        ("8510", usd("100.00"), None),
        ("1001", None, usd("100.00")),
    ]
    assert [(each["number"], each["state"], each["journal"]) for each in shown["gl_batches"]] == [
        (batch.number, "POSTED", "JE-7")
    ]
    listed = payroll.get(WHERE, {"state": "POSTED", "facility": "NORTH"}).json()["items"]
    assert [each["id"] for each in listed] == [journal.public_id]


def one(account="8510", **values):
    return {"account": account, "debit": usd("100.00")} | values


@pytest.mark.parametrize(
    "lines, more, status, words",
    [
        ([one(debit=usd("99.00")), RENT[1]], {}, 422, "Debits are"),
        ([one(debit={"amount": "100.00", "currency": "EUR"}), RENT[1]], {}, 422, "EUR and USD"),
        ([one()], {}, 422, "at least 2"),
        ([one(credit=usd("100.00")), RENT[1]], {}, 422, "exactly one of them"),
        ([one(debit=usd("100.0")), RENT[1]], {}, 422, "exactly 2 decimals"),
        ([one(debit=usd("100.001")), RENT[1]], {}, 422, "exactly 2 decimals"),
        ([one(debit=usd("-100.00")), RENT[1]], {}, 422, "at least 1"),
        ([one(debit=usd("0.00")), RENT[1]], {}, 422, "at least 1"),
        ([one("9999"), RENT[1]], {}, 422, "no account of this number"),
        ([one("1022"), RENT[1]], {}, 422, "kept by a sub-ledger"),
        ([one("OLD"), RENT[1]], {}, 422, "not in use that day"),
        ([one("EURO"), RENT[1]], {}, 422, "holds another currency"),
        ([one(department="WB"), RENT[1]], {}, 422, "no department of this code"),
        (RENT, {"facility": "SOUTH"}, 422, "SOUTH"),
        (RENT, {"effective_on": "2026-02-12"}, 409, "is closed"),
        (RENT, {"effective_on": "2031-01-01"}, 409, "not opened yet"),
        (RENT, {"reverses_on": "2026-03-12"}, 422, "not after effective_on"),
        (RENT, {"belongs_on": "2026-03-12"}, 422, "not before effective_on"),
        (RENT, {"colour": "red"}, 422, "colour"),
    ],
)
def test_what_the_book_would_not_take_is_refused_when_it_is_sent(
    facility, payroll, lines, more, status, words
):
    entity = facility.legal_entity
    february = open_period(legal_entity=entity, starts_on=date(2026, 2, 1), actor=None)
    hard_close(period_id=february.pk, actor=make.person("gil"))
    shared = {"legal_entity": entity, "natural_class": "EXPENSE", "normal_side": "DEBIT"}
    starts = {"active_from": date(2020, 1, 1)}
    Account.objects.create(number="OLD", name="Old", active_until=date(2026, 3, 12), **shared, **starts)
    Account.objects.create(number="EURO", name="Euro", currency="EUR", **shared, **starts)

    answer = sent(payroll, lines, **more)

    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json")
    assert words in answer.content.decode()
    assert not Journal.objects.exists()


def test_a_key_sent_again_prepares_nothing_twice_and_with_other_content_is_refused(payroll):
    key = {"HTTP_IDEMPOTENCY_KEY": "rent-march-2026"}
    body = {"facility": "NORTH", "effective_on": "2026-03-12", "memo": "Rent", "lines": RENT}

    first = payroll.post(WHERE, body, content_type="application/json", **key)
    again = payroll.post(WHERE, body, content_type="application/json", **key)
    other = payroll.post(WHERE, body | {"memo": "Lease"}, content_type="application/json", **key)

    assert (first.status_code, again.content, other.status_code) == (201, first.content, 422)
    assert Journal.objects.count() == 1


def test_a_program_withdraws_its_own_journal_and_nobody_elses(facility, payroll):
    sent(payroll)
    where = f"{WHERE}/{Journal.objects.get().public_id}/withdrawals"
    stranger = access.api("journals:write", facilities=[facility])

    assert stranger.post(where).status_code == 403
    assert payroll.post(where).json()["state"] == "WITHDRAWN"
    assert payroll.post(where).status_code == 409


def test_scopes_and_facilities_are_kept_apart(facility, payroll):
    sent(payroll)
    where = f"{WHERE}/{Journal.objects.get().public_id}"
    reader = access.api("journals:read", facilities=[facility])
    elsewhere = access.api("journals:read", facilities=[make.book()])

    assert sent(reader).status_code == 403
    assert elsewhere.get(where).status_code == 404
    assert elsewhere.get(WHERE).json()["items"] == []
    assert Period.objects.count() == 3
