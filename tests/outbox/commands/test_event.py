"""Recording events: numbered per subject, owed to whoever wants them, never changed."""

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach import clock, outbox
from hms_ach.outbox.models import Delivery, Endpoint, Event
from tests.make import trust as make

pytestmark = pytest.mark.django_db


def endpoint(*, types=(), facilities=(), **values) -> Endpoint:
    made = Endpoint.objects.create(
        url="https://example.test/hook",
        event_types=list(types),
        secret="whsec_x",
        owner=make.person(),
        created_at=clock.now(),
        **values,
    )
    made.facilities.set(facilities)
    return made


def test_events_are_numbered_per_subject():
    numbers = [
        outbox.record("invoice.issued", subject=subject, facility=None, data={})
        for subject in ("inv_1", "inv_2", "inv_1")
    ]

    assert numbers == [1, 1, 2]


def test_an_event_is_owed_to_active_and_paused_endpoints_of_its_facility_and_type():
    north, lake = make.facility(), make.facility()
    wanted = endpoint(types=["invoice.issued"], facilities=[north])
    paused = endpoint(facilities=[north], state="PAUSED")
    endpoint(facilities=[lake])
    endpoint(types=["invoice.paid"], facilities=[north])
    endpoint(facilities=[north], state="DISABLED")

    outbox.record("invoice.issued", subject="inv_1", facility=north, data={"total_minor": 5})

    assert set(Delivery.objects.values_list("endpoint", flat=True)) == {wanted.pk, paused.pk}


def test_one_statement_records_an_event(django_assert_num_queries):
    with django_assert_num_queries(1):
        outbox.record("invoice.issued", subject="inv_1", facility=None, data={})


@pytest.mark.parametrize("sql", ["UPDATE outbox_event SET type = 'x'", "DELETE FROM outbox_event"])
def test_an_event_is_never_changed(sql):
    outbox.record("invoice.issued", subject="inv_1", facility=None, data={})

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)
    assert Event.objects.count() == 1
