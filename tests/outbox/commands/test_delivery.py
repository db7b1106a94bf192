"""Delivery: signed, at least once, in order per subject, given up after ten tries."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connection
from standardwebhooks import Webhook

from hms_ach import clock, outbox
from hms_ach.audit.models import Event as AuditEvent
from hms_ach.outbox.commands import (
    create_endpoint,
    deliver,
    pause_endpoint,
    replay_events,
    resume_endpoint,
    rotate_secret,
)
from hms_ach.outbox.models import Attempt, Delivery
from hms_ach.outbox.queries import due_deliveries
from tests.make import trust as make
from tests.make.listener import listener


@pytest.fixture(autouse=True)
def _loopback(settings):
    settings.WEBHOOK_ALLOW_LOOPBACK = True


@pytest.fixture
def heard():
    with listener() as heard:
        yield heard


@pytest.fixture
def hook(db, heard):
    """An endpoint for everything of one facility: (endpoint, secret)."""
    shown = create_endpoint(
        url=heard.url, description="", event_types=[], facilities=[make.facility()], actor=make.person()
    )
    return shown.endpoint, shown.secret


def issued(hook, *subjects: str) -> list[int]:
    for subject in subjects:
        outbox.record("invoice.issued", subject=subject, facility=hook[0].facilities.get(), data={"total": 5})
    return list(Delivery.objects.order_by("id").values_list("pk", flat=True))


def send_all() -> None:
    """What the sweep does, without a queue: until nothing is due."""
    while due := due_deliveries(now=clock.now()):
        before = Attempt.objects.count()
        for delivery_id in due:
            deliver(delivery_id=delivery_id)
        if Attempt.objects.count() == before:
            return


def test_a_delivery_verifies_with_the_secret_and_says_what_happened(hook, heard):
    issued(hook, "inv_1")

    send_all()

    ((headers, body),) = heard.received
    event = Webhook(hook[1]).verify(body, headers)
    assert event == json.loads(body)
    assert (event["type"], event["subject"], event["sequence"]) == ("invoice.issued", "inv_1", 1)
    assert headers["webhook-id"] == event["id"]
    assert Delivery.objects.get().state == "DELIVERED"


def test_events_of_a_subject_arrive_in_order_also_after_a_failure(hook, heard):
    first, second = issued(hook, "inv_1", "inv_1")
    heard.statuses = [500]

    deliver(delivery_id=second)
    deliver(delivery_id=first)
    send_all()
    with clock.at(clock.now() + timedelta(seconds=10)):
        send_all()

    assert [json.loads(body)["sequence"] for _, body in heard.received] == [1, 1, 2]


def test_another_subject_does_not_wait_for_a_failing_one(hook, heard):
    issued(hook, "inv_1", "inv_2")
    heard.statuses = [500]

    send_all()

    assert Delivery.objects.get(state="DELIVERED").subject == "inv_2"


def test_after_ten_tries_it_is_given_up_and_the_endpoint_disabled(hook, heard):
    (delivery_id,) = issued(hook, "inv_1")
    heard.statuses = [500] * 20
    moment = clock.now()

    for _ in range(12):
        with clock.at(moment):
            deliver(delivery_id=delivery_id)
        moment += timedelta(hours=30)

    hook[0].refresh_from_db()
    assert len(heard.received) == Attempt.objects.count() == 10
    assert (Delivery.objects.get().state, hook[0].state) == ("DEAD", "DISABLED")
    assert "500" in hook[0].disabled_reason
    assert AuditEvent.objects.filter(action="outbox.disable_endpoint", actor=None).count() == 1


def test_a_worker_that_dies_leaves_a_delivery_that_is_due_again(hook, heard, monkeypatch):
    (delivery_id,) = issued(hook, "inv_1")

    def die(_) -> None:
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("hms_ach.outbox.commands.delivery._send", die)
        with pytest.raises(SystemExit):
            deliver(delivery_id=delivery_id)
    assert due_deliveries(now=clock.now()) == []
    with clock.at(clock.now() + timedelta(minutes=3)):
        send_all()

    assert Delivery.objects.get().state == "DELIVERED"


def test_what_a_pause_holds_back_is_sent_after_it(hook, heard):
    ana = make.person()
    pause_endpoint(endpoint_id=hook[0].pk, actor=ana)
    issued(hook, "inv_1")
    send_all()
    assert heard.received == []

    resume_endpoint(endpoint_id=hook[0].pk, actor=ana)
    send_all()

    assert len(heard.received) == 1


def test_a_rotated_secret_signs_beside_the_old_one_for_a_day(hook, heard):
    shown = rotate_secret(endpoint_id=hook[0].pk, actor=make.person())
    issued(hook, "inv_1")
    send_all()

    headers, body = heard.received[0]

    for secret in (hook[1], shown.secret):
        assert Webhook(secret).verify(body, headers)


def test_a_replay_sends_the_same_ids_again(hook, heard):
    issued(hook, "inv_1", "inv_2")
    send_all()
    day = timedelta(days=1)

    count = replay_events(
        endpoint_id=hook[0].pk, since=clock.now() - day, until=clock.now(), actor=make.person()
    )
    send_all()

    ids = [headers["webhook-id"] for headers, _ in heard.received]
    assert count == 2
    assert sorted(ids[:2]) == sorted(ids[2:])


def test_a_replay_never_reaches_into_another_facility(hook, heard):
    outbox.record("invoice.issued", subject="inv_9", facility=make.facility(), data={})
    day = timedelta(days=1)

    count = replay_events(
        endpoint_id=hook[0].pk, since=clock.now() - day, until=clock.now(), actor=make.person()
    )

    assert count == 0


def test_many_workers_send_a_delivery_once(own_database, heard):
    """Eight threads claim the same ten deliveries; each is sent once and in order."""
    made = create_endpoint(
        url=heard.url, description="", event_types=[], facilities=[make.facility()], actor=make.person()
    )
    for _ in range(10):
        outbox.record("invoice.issued", subject="inv_1", facility=made.endpoint.facilities.get(), data={})

    def work(_) -> None:
        try:
            for delivery_id in due_deliveries(now=clock.now()):
                deliver(delivery_id=delivery_id)
        finally:
            connection.close()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(work, range(24)))

    assert [json.loads(body)["sequence"] for _, body in heard.received] == list(range(1, 11))
