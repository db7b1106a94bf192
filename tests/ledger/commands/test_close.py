"""Closing in steps: a checklist with owners, hours and evidence, and what the system itself looks at."""

import threading
from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, connection, connections, transaction

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
    reopen,
    request_reopening,
    set_checklist,
    soft_close,
    start_close,
)
from ledger.commands.checklist import ChecklistStands, ChecklistWrong
from ledger.commands.close import CloseOver, StepOfAnotherRole
from ledger.models import CloseStep, CloseTask, Period
from ledger.queries import checklist, close_lines
from tests.make import access
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


@pytest.fixture
def gil():
    """Holds the roles of every step."""
    return access.user("FINANCE_REVIEWER", "CONTROLLER", username="gil")


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


def test_steps_are_done_in_order_once_and_with_evidence(facility, gil):
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


def test_a_period_closes_when_every_step_is_done_by_people_and_by_the_books(facility, gil):
    period = Period.objects.get()
    make.entry(facility)
    safe, review, _days = tasks()

    with pytest.raises(ChecklistUnfinished, match=r"Count the safe, Review, Days .1 business days"):
        hard_close(period_id=period.pk, actor=gil)
    finish_task(task_id=safe.pk, evidence_id=evidence(gil), actor=gil)
    finish_task(task_id=review.pk, actor=gil)
    build_gl_batch(facility=facility, business_on=make.DAY, actor=None)
    hard_close(period_id=period.pk, actor=gil)

    assert Period.objects.get().state == "HARD"


def closed(facility, gil) -> Period:
    """The period with its steps done and closed hard."""
    safe, review, _days = tasks()
    finish_task(task_id=safe.pk, evidence_id=evidence(gil), actor=gil)
    finish_task(task_id=review.pk, actor=gil)
    return hard_close(period_id=Period.objects.get().pk, actor=gil)


def test_a_step_is_done_by_its_owners_role_only(facility):
    safe, *_others = tasks()
    eve = access.user("FINANCE_APPROVER", username="eve")

    with pytest.raises(StepOfAnotherRole, match="step of the finance reviewer"):
        finish_task(task_id=safe.pk, evidence_id=evidence(eve), actor=eve)
    with pytest.raises(DatabaseError, match="owner's role"), transaction.atomic():
        CloseTask.objects.filter(pk=safe.pk).update(
            done_by=eve, done_at=clock.now(), evidence_id=evidence(eve)
        )


def test_a_reopened_period_is_closed_again_from_the_first_step(facility, gil):
    period = closed(facility, gil)
    asked = request_reopening(period_id=period.pk, reason="A late invoice", actor=gil)
    reopen(reopening_id=asked.pk, actor=access.user("CONTROLLER", username="hana"))

    assert close_lines(Period.objects.get()) == []
    with pytest.raises(ChecklistUnfinished, match="has not started"):
        hard_close(period_id=period.pk, actor=gil)
    with pytest.raises(DatabaseError, match="not done"), transaction.atomic():
        Period.objects.update(state="HARD")
    with clock.at(datetime(2026, 6, 10, 12, tzinfo=UTC)):
        soft_close(period_id=period.pk, actor=gil)

    again = close_lines(Period.objects.get())
    assert [line.is_done for line in again] == [False, False, True]
    assert again[0].due_at == datetime(2026, 6, 11, 16, tzinfo=UTC)
    with pytest.raises(ChecklistUnfinished, match="Count the safe, Review"):
        hard_close(period_id=period.pk, actor=gil)
    assert CloseTask.objects.filter(round=0, done_by=gil).count() == 2


def test_a_closed_period_keeps_its_steps(facility, gil):
    period = closed(facility, gil)

    with pytest.raises(CloseOver):
        finish_task(task_id=CloseTask.objects.order_by("id").first().pk, actor=gil)
    with pytest.raises(CloseOver):
        start_close(period_id=period.pk, actor=gil)


def test_an_entry_that_is_posted_while_a_close_waits_is_seen_by_it(own_database):
    facility = make.book()
    set_checklist(legal_entity=facility.legal_entity, steps=STEPS[2:], actor=None)
    period, gil, found = Period.objects.get(), make.person("gil"), []
    start_close(period_id=period.pk, actor=None)

    def close():
        try:
            hard_close(period_id=period.pk, actor=gil)
        except ChecklistUnfinished as refusal:
            found.append(str(refusal))
        finally:
            connections.close_all()

    with transaction.atomic():
        make.entry(facility)
        closing = threading.Thread(target=close, daemon=True)
        closing.start()
        closing.join(0.3)
        assert closing.is_alive()
    closing.join(10)

    assert found
    assert "no GL batch yet" in found[0]
    assert Period.objects.get().state == "OPEN"


def test_two_checklists_at_once_leave_one(own_database):
    entity = make.book().legal_entity
    problems = []

    def choose():
        try:
            set_checklist(legal_entity=entity, steps=STEPS, actor=None)
        except Exception as error:
            problems.append(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=choose, daemon=True) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)

    assert [type(problem) for problem in problems] == [ChecklistStands] * 3
    assert CloseStep.objects.filter(legal_entity=entity, retired_at=None).count() == len(STEPS)


@pytest.mark.parametrize(
    "steps, why",
    [
        ([], "no step"),
        ([StepAsked("A", "CONTROLLER", 1, 9, after=1)], "does not stand before"),
        ([StepAsked("A", "CASHIER", 1, 9)], "does no steps"),
        ([StepAsked("A", "CONTROLLER", 1, 24)], "beyond 23"),
        ([StepAsked("A", "CONTROLLER", 1, 9, "MOON")], "unknown check"),
    ],
)
def test_a_checklist_that_cannot_be_worked_is_refused(steps, why):
    entity = make.book().legal_entity

    with pytest.raises(ChecklistWrong, match=why):
        set_checklist(legal_entity=entity, steps=steps, actor=None)

    assert checklist(legal_entity=entity) == []


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
def test_the_database_closes_nothing_behind_the_checklist(facility, gil, sql, why):
    tasks()

    with pytest.raises(DatabaseError, match=why), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql)


def test_the_hour_is_the_facilitys_own(facility):
    with clock.at(datetime(2026, 4, 1, 12, tzinfo=UTC)):
        first, *_others = tasks()

    assert first.due_at.astimezone(UTC).date() == date(2026, 4, 1)
