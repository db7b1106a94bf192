"""Doing a request once, however often and however simultaneously it is sent."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from time import sleep

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach import clock, idempotency
from hms_ach.idempotency import KeyReused, Reply, RequestRunning, once
from hms_ach.idempotency.commands import prune_keys
from hms_ach.idempotency.models import Key


def asked(effects: list, *, fingerprint: str = "a", key: str = "k", client: str = "c") -> Reply:
    def effect() -> Reply:
        effects.append(1)
        return Reply(201, b'{"n": %d}' % len(effects), headers={"Location": "/x"})

    return once(client=client, key=key, fingerprint=fingerprint, effect=effect)


@pytest.mark.django_db
def test_the_same_request_gets_the_same_bytes_and_acts_once():
    effects: list = []

    first, second = asked(effects), asked(effects)

    assert first == second == Reply(201, b'{"n": 1}', headers={"Location": "/x"})
    assert len(effects) == 1


@pytest.mark.django_db
def test_another_request_under_the_key_is_refused():
    effects: list = []
    asked(effects)

    with pytest.raises(KeyReused):
        asked(effects, fingerprint="b")

    assert len(effects) == 1


@pytest.mark.django_db
def test_keys_of_two_clients_never_meet():
    effects: list = []

    asked(effects, client="one")
    asked(effects, client="two")

    assert len(effects) == 2


@pytest.mark.django_db
def test_an_effect_that_fails_keeps_nothing():
    def fail() -> Reply:
        raise ValueError("broken")

    with pytest.raises(ValueError, match="broken"):
        once(client="c", key="k", fingerprint="a", effect=fail)

    assert not Key.objects.exists()


@pytest.mark.django_db
def test_a_stored_reply_is_never_changed():
    asked([])

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE idempotency_key SET body = 'x'")


@pytest.mark.django_db
def test_answers_are_forgotten_after_ninety_days():
    asked([])

    assert prune_keys(now=clock.now() + timedelta(days=89)) == 0
    assert prune_keys(now=clock.now() + timedelta(days=91)) == 1


def test_a_storm_of_one_key_acts_once(own_database):
    """Twenty threads send the same request; those that meet the running one are told to wait."""
    effects: list = []

    def send(_) -> Reply | None:
        def effect() -> Reply:
            effects.append(1)
            sleep(0.05)
            return Reply(200, b"done")

        try:
            return idempotency.once(client="c", key="k", fingerprint="a", effect=effect)
        except RequestRunning:
            return None
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        replies = list(pool.map(send, range(20)))

    assert len(effects) == 1
    assert {reply.body for reply in replies if reply} == {b"done"}
