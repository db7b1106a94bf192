"""Recording: one event in the caller's transaction, that nobody can change."""

import hashlib
from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach import audit
from hms_ach.audit.models import Event
from hms_ach.money import Money
from tests.make import trust as make

pytestmark = pytest.mark.django_db


def test_an_event_keeps_who_what_when_why_and_both_states():
    ana, north = make.person(), make.facility()

    event = audit.record(
        "billing.cancel_invoice",
        actor=ana,
        subject="inv_1",
        facility=north,
        reason="entered twice",
        before={"total": Money(12500, "USD")},
        after={"total": Money(0, "USD"), "cancelled_on": date(2026, 3, 1)},
    )

    kept = Event.objects.get(pk=event.pk)
    assert (kept.actor, kept.facility, kept.reason) == (ana, north, "entered twice")
    assert kept.before == {"total": {"amount": "125.00", "currency": "USD"}}
    assert kept.after["cancelled_on"] == "2026-03-01"
    assert hashlib.sha256(kept.salt + kept.frozen.encode()).digest() == kept.digest


def test_a_row_is_named_by_its_public_id_or_its_key():
    north = make.facility()

    event = audit.record("access.create_facility", actor=None, subject=north)

    assert event.subject == f"access.facility:{north.pk}"


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE audit_event SET reason = 'other'",
        "DELETE FROM audit_event",
        "TRUNCATE audit_event",
        "INSERT INTO audit_event SELECT * FROM audit_event",
        "INSERT INTO audit_epoch VALUES (2, now(), 'x')",
        "UPDATE audit_seal SET number = 2",
        "DELETE FROM audit_seal",
        "ALTER TABLE audit_event DISABLE TRIGGER ALL",
    ],
)
def test_the_application_cannot_write_around_the_trail(sql):
    audit.record("billing.issue_invoice", actor=None, subject="inv_1")

    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_one_statement_writes_an_event(django_assert_num_queries):
    with django_assert_num_queries(1):
        audit.record("billing.issue_invoice", actor=None, subject="inv_1", after={"state": "ISSUED"})


def test_a_float_is_refused():
    with pytest.raises(TypeError):
        audit.record("billing.issue_invoice", actor=None, subject="inv_1", after={"total": 1.5})
