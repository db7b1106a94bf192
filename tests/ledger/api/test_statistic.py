"""What is counted, over the API: sent by key, read back, taken back; of one's own facilities only."""

import pytest

from ledger.models import StatisticEntry
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
ACCOUNTS, WHERE = "/api/ach/statistic-accounts", "/api/ach/statistics"
DAYS = {"legal_entity": "ENORTH", "code": "PD", "name": "Patient days", "unit": "days"}
ONE = {"account": "PD", "facility": "NORTH", "on": "2026-03-12", "quantity": "27", "key": "k1"}


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def client(facility):
    make.book(code="SOUTH")
    client = access.api("statistics:read", "statistics:write", facilities=[facility])
    assert sent(client, ACCOUNTS, DAYS).status_code == 201
    return client


def sent(client, where, body):
    return client.post(where, body, content_type="application/json")


def count(client, *entries):
    return sent(client, WHERE, {"source": "admissions", "entries": list(entries)})


def test_what_is_counted_is_defined_and_listed(client):
    half = DAYS | {"code": "FTE", "name": "Staff", "unit": "posts", "decimals": 2}
    assert sent(client, ACCOUNTS, half).json()["decimals"] == 2

    listed = client.get(ACCOUNTS, {"legal_entity": "ENORTH"}).json()["items"]

    assert [(each["code"], each["unit"], each["decimals"]) for each in listed] == [
        ("FTE", "posts", 2),
        ("PD", "days", 0),
    ]
    assert sent(client, ACCOUNTS, DAYS).json()["code"] == "statistic_unfit"


def test_quantities_are_recorded_once_and_read_back(client):
    first = count(client, ONE, ONE | {"key": "k2", "on": "2026-03-11", "quantity": "30"})
    again = count(client, ONE)
    listed = client.get(WHERE, {"legal_entity": "ENORTH", "account": "PD", "since": "2026-03-12"}).json()

    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json()["items"][0] == first.json()["items"][0]
    assert [(each["quantity"], each["unit"], each["source"]) for each in listed["items"]] == [
        ("27", "days", "admissions")
    ]


def test_a_quantity_is_taken_back_by_its_mirror_once(client):
    made = count(client, ONE).json()["items"][0]
    where = f"{WHERE}/{made['id']}/reversals"

    mirror = sent(client, where, {"reason": "Counted twice"})
    again = sent(client, where, {"reason": "Counted twice"})

    assert (mirror.status_code, mirror.json()["quantity"], mirror.json()["reverses"]) == (
        201,
        "-27",
        made["id"],
    )
    assert (again.status_code, again.json()["code"]) == (409, "statistic_reversed")
    newest = client.get(WHERE, {"legal_entity": "ENORTH"}).json()["items"]
    assert [each["reversed_by"] for each in newest] == [None, mirror.json()["id"]]


@pytest.mark.parametrize(
    "wrong, pointer",
    [
        ({"quantity": 27}, "/entries/1/quantity"),
        ({"quantity": "27.5"}, None),
        ({"quantity": "0"}, None),
        ({"quantity": "1e3"}, "/entries/1/quantity"),
        ({"facility": "SOUTH"}, "/entries/1/facility"),
        ({"account": "MOON"}, None),
        ({"on": "x"}, "/entries/1/on"),
        ({"key": ""}, "/entries/1/key"),
        ({"note": "x"}, "/entries/1/note"),
    ],
)
def test_a_wrong_quantity_is_refused_and_none_is_kept(client, wrong, pointer):
    answer = count(client, ONE, ONE | {"key": "k2"} | wrong)

    assert answer.status_code in (400, 422)
    assert pointer is None or pointer in [each["pointer"] for each in answer.json()["errors"]]
    assert not StatisticEntry.objects.exists()


def test_what_stands_for_another_quantity_is_refused(client):
    count(client, ONE)

    answer = count(client, ONE | {"quantity": "28"})

    assert (answer.status_code, answer.json()["code"]) == (409, "statistic_key_reused")


def test_a_stranger_reads_counts_and_takes_back_nothing(client):
    made = count(client, ONE).json()["items"][0]
    stranger = access.api("statistics:read", "statistics:write", facilities=[make.book(code="WEST")])
    reader = access.api("statistics:read", facilities=[])

    assert stranger.get(WHERE, {"legal_entity": "ENORTH"}).status_code == 404
    assert sent(stranger, f"{WHERE}/{made['id']}/reversals", {"reason": "x"}).status_code == 404
    assert sent(stranger, ACCOUNTS, DAYS | {"code": "X"}).status_code == 404
    assert count(reader, ONE).status_code == 403
