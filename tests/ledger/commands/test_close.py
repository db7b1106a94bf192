"""Closing in steps: a checklist with owners, hours and evidence, and what the system itself looks at."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from hms_ach import clock, files
from ledger.commands import (
    ChecklistUnfinished,
    StepAsked,
    StepDoneAlready,
    StepNeedsEvidence,
    StepOutOfOrder,
    build_gl_batch,
    finish_task,
    hard_close,
    set_checklist,
    soft_close,
    start_close,
)
from ledger.models import CloseTask, Period
from ledger.queries import close_lines
from tests.make import ledger as make

pytestmark = pytest.mark.django_db
STEPS = (
    StepAsked("Count the safe", "FINANCE_REVIEWER", 1, 12, needs_evidence=True),
    StepAsked("Review", "CONTROLLER", 2, 9, after=1),
    StepAsked("Days", "FINANCE_REVIEWER", 1, 12, "DAYS"),
)


@pytest.fixture
def facility():
    facility = make.book()
    set_checklist(legal_entity=facility.legal_entity, steps=STEPS, actor=None)
    return facility


def tasks():
    start_close(period_id=Period.objects.get().pk, actor=None)
    return list(CloseTask.objects.order_by("step__position"))


def evidence(gil) -> int:
    return files.store(b"x", name="x.txt", media_type="t/x", kind="t", facility=None, actor=gil).pk


def test_a_soft_close_starts_the_checklist_with_its_hours(facility):
    soft_close(period_id=Period.objects.get().pk, actor=make.person("gil"))

    found = [(line.name, line.owner_role, line.due_at) for line in close_lines(Period.objects.get())]

    # Noon of the day after March in New York, which is four hours behind UTC.
    assert found[0] == ("Count the safe", "FINANCE_REVIEWER", datetime(2026, 4, 1, 16, tzinfo=UTC))
    assert found[1] == ("Review", "CONTROLLER", datetime(2026, 4, 2, 13, tzinfo=UTC))


def test_steps_are_done_in_order_once_and_with_evidence(facility):
    gil = make.person("gil")
    safe, review, days = tasks()

    with pytest.raises(StepOutOfOrder):
        finish_task(task_id=review.pk, actor=gil)
    with pytest.raises(StepNeedsEvidence):
        finish_task(task_id=safe.pk, actor=gil)
    with pytest.raises(StepDoneAlready):
        finish_task(task_id=days.pk, actor=gil)
    finish_task(task_id=safe.pk, evidence_id=evidence(gil), note="Counted twice", actor=gil)
    finish_task(task_id=review.pk, actor=gil)
    with pytest.raises(StepDoneAlready):
        finish_task(task_id=review.pk, actor=gil)

    assert [line.is_done for line in close_lines(Period.objects.get())] == [True, True, True]


def test_a_period_closes_when_every_step_is_done_by_people_and_by_the_books(facility):
    gil, period = make.person("gil"), Period.objects.get()
    make.entry(facility)
    safe, review, _days = tasks()

    with pytest.raises(ChecklistUnfinished, match=r"Count the safe, Review, Days .1 business days"):
        hard_close(period_id=period.pk, actor=gil)
    finish_task(task_id=safe.pk, evidence_id=evidence(gil), actor=gil)
    finish_task(task_id=review.pk, actor=gil)
    build_gl_batch(facility=facility, business_on=make.DAY, actor=None)
    hard_close(period_id=period.pk, actor=gil)

    assert Period.objects.get().state == "HARD"


def test_a_new_checklist_leaves_started_closes_as_they_are(facility):
    tasks()

    set_checklist(legal_entity=facility.legal_entity, steps=STEPS[:1], actor=None)

    assert len(close_lines(Period.objects.get())) == 3


@pytest.mark.parametrize(
    "sql, why",
    [
        ("UPDATE ledger_period SET state = 'HARD'", "a task of the close is not done"),
        ("UPDATE ledger_closetask SET due_at = now()", "changes once"),
        (
            "UPDATE ledger_closetask SET done_at = now(), done_by_id = (SELECT min(id) FROM access_user)",
            "evidence",
        ),
        ("UPDATE ledger_closestep SET name = 'other'", "never changed"),
        ("DELETE FROM ledger_closetask", "permission denied"),
        ("DELETE FROM ledger_closestep", "permission denied"),
    ],
)
def test_the_database_closes_nothing_behind_the_checklist(facility, sql, why):
    make.person("gil")
    tasks()

    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_hour_is_the_facilitys_own(facility):
    with clock.at(datetime(2026, 4, 1, 12, tzinfo=UTC)):
        first, *_others = tasks()

    assert first.due_at.astimezone(UTC).date() == date(2026, 4, 1)
