"""Rates over the API."""

import pytest

from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
WHERE = "/api/ach/exchange-rates"
RATE = {"base": "EUR", "quote": "USD", "on": "2026-03-12", "rate": "1.0951"}
RATES = {"source": "Treasury", "rates": [RATE]}


@pytest.fixture
def client():
    return access.api("rates:read", "rates:write", facilities=[make.book()])


def test_rates_are_sent_and_read(client):
    sent = client.post(WHERE, RATES, content_type="application/json")
    read = client.get(WHERE, {"base": "EUR"}).json()

    assert (sent.status_code, sent.json()["added"]) == (201, 1)
    (row,) = read["items"]
    assert (row["quote"], row["rate"], row["source"], row["via"]) == ("USD", "1.0951", "Treasury", "")


@pytest.mark.parametrize(
    "wrong",
    [
        {"rate": "0"},
        {"rate": "-1"},
        {"rate": "x"},
        {"rate": "1.0952"},
        {"base": "XXQ"},
        {"quote": "EUR"},
        {"on": "x"},
    ],
)
def test_a_wrong_rate_is_refused_and_none_is_kept(client, wrong):
    rates = [RATE, RATE | wrong]

    answer = client.post(WHERE, RATES | {"rates": rates}, content_type="application/json")

    assert answer.status_code in (400, 422)
    assert client.get(WHERE).json()["items"] == []
