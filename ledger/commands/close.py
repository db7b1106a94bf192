"""Closing a period in steps: what is done of its checklist."""

from collections import defaultdict
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.access.queries import roles_of
from hms_ach.access.roles import Role
from hms_ach.refusal import Refusal
from ledger.models import CloseStep, CloseTask, Period
from ledger.queries.close import close_lines
from ledger.queries.period import closing_round


class StepOutOfOrder(Refusal):
    code = "step_out_of_order"
    sentence = "{task} comes after a step that is not done yet. Do that one first."


class StepNeedsEvidence(Refusal):
    code = "step_needs_evidence"
    status = 422
    sentence = "{task} needs evidence. Attach the file that shows it is done."


class StepDoneAlready(Refusal):
    code = "step_done_already"
    sentence = "{task} is done already, or the system looks at it itself. Nothing was changed."


class StepOfAnotherRole(Refusal):
    code = "step_of_another_role"
    status = 403
    sentence = "{task} is the step of the {owner}. Ask somebody who holds that role to do it."


class CloseOver(Refusal):
    code = "close_over"
    sentence = "{period} is closed, and the steps of its close stay as they are. Reopen it to do them again."


class ChecklistUnfinished(Refusal):
    code = "checklist_unfinished"
    sentence = "{period} cannot close: {open}. Finish the steps of its close first."


@transaction.atomic
def start_close(*, period_id: int, actor: User | None) -> list[CloseTask]:
    """Copy the entity's checklist to a period, with the hour each step is due. Safe to repeat.

    After a reopening every step is due again, counted from today. Raises CloseOver.
    """
    period = open_for_steps(period_id)
    round_ = closing_round(period)
    standing = list(CloseTask.objects.filter(period=period, round=round_).order_by("step__position", "id"))
    if standing:
        return standing
    first = period.legal_entity.facilities.order_by("code").first()
    zone = ZoneInfo(first.timezone if first else "UTC")
    since = max(period.ends_on, clock.today(zone.key)) if round_ else period.ends_on
    steps = CloseStep.objects.filter(legal_entity=period.legal_entity, retired_at=None).order_by("position")
    tasks = CloseTask.objects.bulk_create(
        CloseTask(
            period=period,
            round=round_,
            step=step,
            due_at=datetime.combine(since + timedelta(days=step.due_days), time(step.due_hour), tzinfo=zone),
        )
        for step in steps
    )
    if tasks:
        audit.record("ledger.start_close", actor=actor, subject=period, after={"steps": len(tasks)})
    return tasks


@transaction.atomic
def finish_task(*, task_id: int, note: str = "", evidence_id: int | None = None, actor: User) -> CloseTask:
    """Say that a step of a close is done, as somebody who holds its owner's role.

    Raises StepOfAnotherRole, StepDoneAlready, StepOutOfOrder, StepNeedsEvidence, CloseOver.
    """
    period = open_for_steps(CloseTask.objects.values_list("period_id", flat=True).get(pk=task_id))
    task = CloseTask.objects.select_for_update(of=("self",)).select_related("step").get(pk=task_id)
    if task.step.owner_role not in roles_of(actor):
        raise StepOfAnotherRole(task=task.step.name, owner=Role(task.step.owner_role).label.lower())
    line = next((each for each in close_lines(period) if each.task_id == task.pk), None)
    if line is None or task.done_at or task.step.check_code:
        raise StepDoneAlready(task=task.step.name)
    if not line.is_ready:
        raise StepOutOfOrder(task=task.step.name)
    if task.step.needs_evidence and evidence_id is None:
        raise StepNeedsEvidence(task=task.step.name)
    task.done_by, task.done_at = actor, clock.now()
    task.note, task.evidence_id = note.strip(), evidence_id
    task.save(update_fields=["done_by", "done_at", "note", "evidence"])
    audit.record(
        "ledger.finish_task", actor=actor, subject=period, after={"step": task.step.name}, reason=note
    )
    return task


def open_for_steps(period_id: int) -> Period:
    """The period, locked, so that no step is done beside its close. Raises CloseOver."""
    rows = Period.objects.select_for_update(no_key=True, of=("self",)).select_related("legal_entity")
    period = rows.get(pk=period_id)
    if period.state == Period.State.HARD:
        raise CloseOver(period=period)
    return period


def refuse_unfinished(period: Period) -> None:
    """Raises ChecklistUnfinished for an open step, or where the entity has a checklist and did not start it.

    Exact only while the caller holds the period.
    """
    found: dict[str, str] = defaultdict(str)
    lines = close_lines(period)
    if not lines and CloseStep.objects.filter(legal_entity=period.legal_entity, retired_at=None).exists():
        raise ChecklistUnfinished(period=period, open="its close has not started")
    for line in lines:
        if not line.is_done:
            found[line.name] = line.problem
    if found:
        listed = ", ".join(f"{name} ({problem})" if problem else name for name, problem in found.items())
        raise ChecklistUnfinished(period=period, open=listed)
