"""Every bad input is refused three ways; the table and the count are printed (pytest -s)."""

import sys

import pytest
from django.db import connection, transaction
from django.db.utils import DatabaseError

from hms_ach.refusal import Refusal
from ledger.models import Entry, Journal
from tests.ledger.models.test_attempts import hospitals  # noqa: F401
from tests.ledger.three_ways import API, BAD, CREDIT, Bad, attempts_of, debit
from tests.make import access

pytestmark = pytest.mark.django_db
TAKEN = "TAKEN"


@pytest.fixture
def program(hospitals):  # noqa: F811
    client = access.api("journals:read", "journals:write", facilities=[hospitals])
    assert _sent(client, {"key": "used"}).status_code == 201
    return client


def test_every_bad_input_is_refused_over_the_api_by_command_and_by_raw_sql(hospitals, program):  # noqa: F811
    before = _everything()

    tried = [(bad.name, way, _answer(bad, way, hospitals, program)) for bad in BAD for way in WAYS]

    _told(tried)
    assert [(name, way) for name, way, answer in tried if answer == TAKEN] == []
    assert _everything() == before


def _by_api(bad: Bad, _facility, client) -> str:
    if isinstance(bad.api, tuple):
        method, rest = bad.api
        where = f"{API}/{Journal.objects.get().public_id}{rest}"
        answer = getattr(client, method)(where, "{}", content_type="application/json")
    else:
        answer = _sent(client, bad.api)
    return TAKEN if answer.status_code < 400 else f"{answer.status_code} {answer.json().get('code', '')}"


def _by_command(bad: Bad, facility, _client) -> str:
    try:
        with transaction.atomic():
            bad.command(facility)
    except Refusal as refusal:
        return refusal.code
    except DatabaseError as error:
        return type(error).__name__
    return TAKEN


def _by_sql(bad: Bad, _facility, _client) -> str:
    statements = attempts_of(bad.sql)
    assert statements, f"attempts.py has no rule {bad.sql!r}"
    for statement in statements:
        try:
            with transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)
                cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            return TAKEN
        except DatabaseError as error:
            said = type(error).__name__
    return said


WAYS = {"API": _by_api, "command": _by_command, "SQL": _by_sql}


def _answer(bad: Bad, way: str, facility, client) -> str:
    return WAYS[way](bad, facility, client)


def _sent(client, other: dict):
    body = {"facility": "A", "effective_on": "2026-03-12", "memo": "Rent", "lines": [debit(), CREDIT]}
    body |= {name: value for name, value in other.items() if name != "key"}
    key = {"HTTP_IDEMPOTENCY_KEY": other["key"] * 4} if "key" in other else {}
    return client.post(API, body, content_type="application/json", **key)


def _told(tried: list[tuple[str, str, str]]) -> None:
    for name, way, answer in tried:
        sys.stdout.write(f"{name:<40}{way:<9}{answer}\n")
    n_refused = sum(answer != TAKEN for _name, _way, answer in tried)
    sys.stdout.write(f"{len(tried)} attempts on {len(BAD)} bad inputs three ways, {n_refused} refused\n")


def _everything() -> list:
    """What an attempt that went through would have changed."""
    return [
        list(
            Entry.objects.order_by("id").values_list(
                "key", "memo", "postings__line", "postings__amount_minor"
            )
        ),
        list(Journal.objects.order_by("id").values_list("number", "state", "lines__amount_minor")),
    ]
