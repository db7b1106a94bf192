"""The chart of accounts over the API: read by those with the scope, taken in whole or not at all."""

import pytest

from hms_ach.audit.models import Event
from ledger.models import Account
from tests.make import access
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
WHERE = "/api/ach/accounts"
NEW = {"number": "1050", "name": "Short-term deposits", "natural_class": "asset"}


@pytest.fixture
def facility():
    return make.book(code="NORTH")


@pytest.fixture
def client(facility):
    return access.api("accounts:read", "accounts:write", facilities=[facility])


def send(client, *accounts, **more):
    body = {"legal_entity": "ENORTH", "accounts": list(accounts)} | more
    return client.post(WHERE, body, content_type="application/json")


def test_accounts_are_listed_by_number_page_by_page(client):
    first = client.get(WHERE, {"legal_entity": "ENORTH", "limit": 5}).json()
    numbers = [account["number"] for account in first["items"]]
    second = client.get(first["next"]).json()

    assert numbers == sorted(numbers)
    assert numbers[0] == "1001"
    assert second["items"][0]["number"] > numbers[-1]


def test_one_account_is_read_by_its_number(client):
    account = client.get(f"{WHERE}/ENORTH/1022").json()

    assert account["name"] == "Receivables from patients"
    assert (account["natural_class"], account["normal_side"], account["currency"]) == ("asset", "debit", None)
    assert client.get(f"{WHERE}/ENORTH/9999").status_code == 404


def test_a_dry_run_says_what_it_would_do_and_does_nothing(client):
    renamed = {"number": "1001", "name": "Main checking", "natural_class": "asset"}

    answer = send(client, NEW, renamed, dry_run=True)

    assert answer.status_code == 200
    shown = answer.json()
    assert (shown["added"], shown["changed"], shown["findings"]) == (["1050"], ["1001"], [])
    assert shown["by_class"]["asset"] == 2
    assert not Account.objects.filter(number="1050").exists()


def test_a_chart_is_taken_in_with_who_did_it(client):
    answer = send(client, NEW | {"parent": "1001"})

    assert (answer.status_code, answer.json()["added"]) == (201, ["1050"])
    assert Account.objects.get(number="1050").parent.number == "1001"
    assert Event.objects.filter(action="ledger.import_chart").count() == 1


def test_a_dry_run_names_the_row_and_field_of_everything_wrong(client):
    wrong = {"number": "1051", "name": "Loans", "natural_class": "debt"}

    answer = send(client, NEW, wrong, NEW | {"number": "1052", "parent": "7777"}, dry_run=True)

    found = {(each["row"], each["field"]) for each in answer.json()["findings"]}
    assert {(2, "natural_class"), (3, "parent")} <= found


@pytest.mark.parametrize(
    "wrong", [{"natural_class": "debt"}, {"parent": "7777"}, {"currency": "QQQ"}, {"number": "1060"}]
)
def test_a_wrong_account_is_refused_with_all_others(client, wrong):
    before = Account.objects.count()

    answer = send(client, NEW | {"number": "1060"}, NEW | wrong)

    assert answer.status_code == 422
    assert answer.json()["findings"]
    assert Account.objects.count() == before


@pytest.mark.parametrize("body", [{"accounts": []}, {"accounts": [{"number": "1"}]}, {"accounts": "x"}])
def test_a_body_that_is_no_chart_is_refused(client, body):
    answer = client.post(WHERE, {"legal_entity": "ENORTH"} | body, content_type="application/json")

    assert answer.status_code in (400, 422)


def test_roles_say_who_plays_them(client):
    answer = client.get("/api/ach/account-roles", {"legal_entity": "ENORTH", "on": make.DAY})

    roles = {row["role"]: row["account"] for row in answer.json()["items"]}
    assert roles["receivable.patient"] == "1022"


def test_another_entity_is_as_if_it_were_not(client):
    make.book(code="HARB")

    assert client.get(WHERE, {"legal_entity": "EHARB"}).status_code == 404
    assert client.get(f"{WHERE}/EHARB/1001").status_code == 404
    assert client.get("/api/ach/account-roles", {"legal_entity": "EHARB"}).status_code == 404
    assert send(client, NEW, legal_entity="EHARB").status_code == 404


def test_reading_does_not_allow_sending(facility):
    reader = access.api("accounts:read", facilities=[facility])

    assert send(reader, NEW).status_code == 403
    assert (
        access.api("gl:read", facilities=[facility]).get(WHERE, {"legal_entity": "ENORTH"}).status_code == 403
    )
