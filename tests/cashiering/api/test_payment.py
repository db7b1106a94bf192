"""Payments over the API."""

import json

import pytest

from cashiering.models import Payment
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db


def money(amount: str, currency: str = "USD") -> dict:
    return {"amount": amount, "currency": currency}


def post(given: make.Till, allocations: list, amount: str, *, key: str = "key-0001", client=None):
    client = client or access.api("payments:write", "payments:read", facilities=[given.facility])
    body = {
        "facility": given.facility.code,
        "method": "transfer",
        "amount": money(amount),
        "allocations": allocations,
        "reference": "E2E-77",
    }
    return client.post(
        "/api/ach/payments",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


def test_a_payment_of_two_invoices_answers_the_receipt_and_what_remains():
    given = make.till()
    first, second = make.invoice(given, 60_00), make.invoice(given, 90_00)

    answer = post(
        given,
        [
            {"invoice": first.public_id, "amount": money("60.00")},
            {"invoice": second.public_id, "amount": money("40.00")},
        ],
        "100.00",
    )

    assert answer.status_code == 201, answer.content
    said = answer.json()
    assert said["receipt_number"] == f"{given.facility.code}-API-2026-000001"
    assert [one["remaining"]["amount"] for one in said["allocations"]] == ["0.00", "50.00"]


def test_a_payment_costs_no_more_statements_than_it_needs(django_assert_max_num_queries):
    """Token with client and account in one; nothing of the payment is read again for the answer."""
    given = make.till()
    bill = make.invoice(given, 60_00)
    client = access.api("payments:write", facilities=[given.facility])
    ask = [{"invoice": bill.public_id, "amount": money("30.00")}]

    with django_assert_max_num_queries(30):
        answer = post(given, ask, "30.00", client=client)

    assert answer.status_code == 201


def test_the_same_key_gives_the_same_reply_and_one_payment():
    given = make.till()
    bill = make.invoice(given, 60_00)
    client = access.api("payments:write", facilities=[given.facility])
    ask = [{"invoice": bill.public_id, "amount": money("30.00")}]

    first = post(given, ask, "30.00", client=client)
    again = post(given, ask, "30.00", client=client)

    assert first.content == again.content
    assert Payment.objects.count() == 1


def test_an_over_allocation_is_refused_with_its_pointer():
    given = make.till()
    bill = make.invoice(given, 60_00)

    answer = post(given, [{"invoice": bill.public_id, "amount": money("60.01")}], "60.01")

    assert answer.status_code == 422
    problem = answer.json()["errors"][0]
    assert problem["pointer"] == "/allocations/0/amount"
    assert problem["code"] == "over_allocated"
    assert "60.00" in problem["detail"]


def test_a_foreign_facility_and_a_foreign_currency_are_refused():
    given, elsewhere = make.till(), make.till()
    bill = make.invoice(elsewhere, 60_00)
    mine = make.invoice(given, 60_00)

    foreign = post(given, [{"invoice": bill.public_id, "amount": money("60.00")}], "60.00")
    euros = post(
        given, [{"invoice": mine.public_id, "amount": money("60.00", "EUR")}], "60.00", key="key-0002"
    )

    assert foreign.json()["errors"][0]["pointer"] == "/allocations/0/invoice"
    assert euros.json()["errors"][0]["pointer"] == "/allocations/0/amount"


def test_payments_are_listed_and_read_within_the_clients_facilities():
    given, elsewhere = make.till(), make.till()
    payment = make.paid(make.opened(given), given, make.cash(25_00))
    mine = access.api("payments:read", facilities=[given.facility])
    stranger = access.api("payments:read", facilities=[elsewhere.facility])

    listed = mine.get("/api/ach/payments").json()["items"]

    assert [row["id"] for row in listed] == [payment.public_id]
    assert mine.get(f"/api/ach/payments/{payment.public_id}").json()["tenders"][0]["method"] == "cash"
    assert stranger.get(f"/api/ach/payments/{payment.public_id}").status_code == 404
