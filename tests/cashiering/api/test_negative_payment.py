"""A payment below zero becomes a refund that waits for people."""

import json

import pytest

from cashiering.models import Payment, Refund
from tests.make import access
from tests.make import cashiering as make

pytestmark = pytest.mark.django_db

SCOPES = ("payments:write", "payments:read", "refunds:request")


def money(amount: str) -> dict:
    return {"amount": amount, "currency": "USD"}


def ask(given: make.Till, client, *, key: str = "key-0001", **members):
    body = {"facility": given.facility.code, "amount": money("-15.00"), **members}
    return client.post(
        "/api/ach/payments",
        json.dumps(body),
        content_type="application/json",
        headers={"Idempotency-Key": key},
    )


def test_it_waits_for_approval_and_changes_nothing_yet():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    client = access.api(*SCOPES, facilities=[given.facility])

    members = {"original_payment": payment.public_id, "refund_reason": "Paid twice"}
    answer, again = ask(given, client, **members), ask(given, client, **members)

    said = answer.json()
    assert (answer.status_code, again.status_code) == (202, 202)
    assert (said["state"], said["method"], said["amount"]) == ("requested", "cash", money("15.00"))
    assert again.json()["id"] == said["id"]
    assert Refund.objects.get().state == "REQUESTED"
    shown = client.get(f"/api/ach/payments/{payment.public_id}").json()
    assert (shown["state"], shown["refunded"]) == ("received", money("0.00"))
    assert client.get(f"/api/ach/refunds/{said['id']}").json() == said
    assert client.get("/api/ach/refunds").json()["items"] == [said]


@pytest.mark.parametrize(
    "members, pointer",
    [
        ({"refund_reason": "Twice"}, "/original_payment"),
        ({"original_payment": "OWN"}, "/refund_reason"),
        ({"original_payment": "OWN", "refund_reason": " "}, "/refund_reason"),
        ({"original_payment": "pay_none", "refund_reason": "Twice"}, "/original_payment"),
        (
            {
                "original_payment": "OWN",
                "refund_reason": "Twice",
                "allocations": [{"invoice": "inv_none", "amount": money("-15.00")}],
            },
            "/allocations",
        ),
    ],
)
def test_without_reason_or_original_it_is_refused_where_it_is_wrong(members, pointer):
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    if members.get("original_payment") == "OWN":
        members = {**members, "original_payment": payment.public_id}

    answer = ask(given, access.api(*SCOPES, facilities=[given.facility]), **members)

    assert answer.status_code == 422
    assert answer.json()["errors"][0]["pointer"].startswith(pointer)
    assert not Refund.objects.exists()


def test_more_than_was_paid_and_another_facilitys_payment_are_refused():
    given, elsewhere = make.till(), make.till()
    payment = make.paid(make.opened(given), given, make.cash(10_00))
    foreign = make.paid(make.opened(elsewhere), elsewhere, make.cash(40_00))
    client = access.api(*SCOPES, facilities=[given.facility])

    large = ask(given, client, original_payment=payment.public_id, refund_reason="Twice")
    strange = ask(given, client, key="key-0002", original_payment=foreign.public_id, refund_reason="Twice")

    assert (large.status_code, large.json()["code"]) == (422, "refund_too_large")
    assert strange.status_code == 422


def test_without_the_scope_nothing_is_stored():
    given = make.till()
    payment = make.paid(make.opened(given), given, make.cash(40_00))
    client = access.api("payments:write", facilities=[given.facility])

    answer = ask(given, client, original_payment=payment.public_id, refund_reason="Twice")

    assert answer.status_code == 403
    assert not Refund.objects.exists()
    assert Payment.objects.count() == 1


def test_zero_is_neither_a_payment_nor_a_refund():
    given = make.till()
    client = access.api(*SCOPES, facilities=[given.facility])

    answer = ask(given, client, amount=money("0.00"), method="card", reference="r", allocations=[])

    assert answer.status_code == 422
    assert "original_payment" in json.dumps(answer.json())
