"""Closing a period in steps: the checklist, tie-outs that people sign, and the end of a year."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import LegalEntity, User
from hms_ach.refusal import Refusal
from ledger.models import CloseStep, CloseTask, Period
from ledger.queries.close import close_lines
from ledger.rules.close import StepAsked


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


class ChecklistUnfinished(Refusal):
    code = "checklist_unfinished"
    sentence = "{period} cannot close: {open}. Finish these steps first."


@transaction.atomic
def set_checklist(*, legal_entity: LegalEntity, steps: Sequence[StepAsked], actor: User | None) -> None:
    """Give a legal entity its close checklist. Closes that have started keep theirs."""
    CloseStep.objects.filter(legal_entity=legal_entity, retired_at=None).update(retired_at=clock.now())
    made: dict[int, CloseStep] = {}
    for position, asked in enumerate(steps, start=1):
        made[position] = CloseStep.objects.create(
            legal_entity=legal_entity,
            position=position,
            name=asked.name,
            owner_role=asked.owner_role,
            due_days=asked.due_days,
            due_hour=asked.due_hour,
            check_code=asked.check_code,
            needs_evidence=asked.needs_evidence,
            after=made[asked.after] if asked.after else None,
        )
    audit.record("ledger.set_checklist", actor=actor, subject=legal_entity, after={"steps": len(made)})


@transaction.atomic
def start_close(*, period_id: int, actor: User | None) -> list[CloseTask]:
    """Copy the entity's checklist to a period, with the hour each step is due. Safe to repeat."""
    period = Period.objects.select_for_update(no_key=True).select_related("legal_entity").get(pk=period_id)
    standing = list(CloseTask.objects.filter(period=period).order_by("step__position", "id"))
    if standing:
        return standing
    first = period.legal_entity.facilities.order_by("code").first()
    zone = ZoneInfo(first.timezone if first else "UTC")
    steps = CloseStep.objects.filter(legal_entity=period.legal_entity, retired_at=None).order_by("position")
    tasks = CloseTask.objects.bulk_create(
        CloseTask(
            period=period,
            step=step,
            due_at=datetime.combine(
                period.ends_on + timedelta(days=step.due_days), time(step.due_hour), tzinfo=zone
            ),
        )
        for step in steps
    )
    if tasks:
        audit.record("ledger.start_close", actor=actor, subject=period, after={"steps": len(tasks)})
    return tasks


@transaction.atomic
def finish_task(*, task_id: int, note: str = "", evidence_id: int | None = None, actor: User) -> CloseTask:
    """Say that a step of a close is done. Raises StepDoneAlready, StepOutOfOrder, StepNeedsEvidence."""
    task = CloseTask.objects.select_for_update(of=("self",)).select_related("step", "period").get(pk=task_id)
    if task.done_at or task.step.check_code:
        raise StepDoneAlready(task=task.step.name)
    (line,) = [each for each in close_lines(task.period) if each.task_id == task.pk]
    if not line.is_ready:
        raise StepOutOfOrder(task=task.step.name)
    if task.step.needs_evidence and evidence_id is None:
        raise StepNeedsEvidence(task=task.step.name)
    task.done_by, task.done_at = actor, clock.now()
    task.note, task.evidence_id = note.strip(), evidence_id
    task.save(update_fields=["done_by", "done_at", "note", "evidence"])
    audit.record(
        "ledger.finish_task", actor=actor, subject=task.period, after={"step": task.step.name}, reason=note
    )
    return task


def refuse_unfinished(period: Period) -> None:
    """Raises ChecklistUnfinished for a period whose close has started and has an open step."""
    found: dict[str, str] = defaultdict(str)
    for line in close_lines(period):
        if not line.is_done:
            found[line.name] = line.problem
    if found:
        listed = ", ".join(f"{name} ({problem})" if problem else name for name, problem in found.items())
        raise ChecklistUnfinished(period=period, open=listed)
