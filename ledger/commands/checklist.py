"""The close checklist of a legal entity: its first by one person, any other by two."""

from collections.abc import Sequence
from dataclasses import asdict

from django.db import transaction

from hms_ach import audit, clock
from hms_ach.access.models import LegalEntity, User
from hms_ach.access.roles import PERMISSIONS, Role
from hms_ach.refusal import Refusal
from ledger.models import ChecklistDecision, ChecklistProposal, CloseStep
from ledger.queries.checklist import checklist
from ledger.rules.close import StepAsked

# Who may own a step: whoever may say that one is done.
OWNERS = [role for role in Role if "ledger.finish_task" in PERMISSIONS[role]]


class ChecklistWrong(Refusal):
    code = "checklist_wrong"
    status = 422
    sentence = "This checklist cannot be kept: {why}. Closes go on with the one before."


class ChecklistStands(Refusal):
    code = "checklist_stands"
    sentence = "{entity} has a checklist. Propose another one; it counts once a second person approves it."


class ChecklistUnchanged(Refusal):
    code = "checklist_unchanged"
    sentence = "These are the steps that {entity} has. Change one before you propose them."


class ChecklistByProposer(Refusal):
    code = "checklist_by_proposer"
    status = 403
    sentence = "You proposed these steps, so another person must approve them. You may take them back."


class ChecklistDecided(Refusal):
    code = "checklist_decided"
    sentence = "These steps were decided already, or others were proposed since. Look at the checklist."


class ChecklistWithoutReason(Refusal):
    code = "checklist_without_reason"
    status = 422
    sentence = "Declining a checklist needs a reason. Say what is wrong with its steps."


@transaction.atomic
def set_checklist(*, legal_entity: LegalEntity, steps: Sequence[StepAsked], actor: User | None) -> None:
    """Give a legal entity its first close checklist. Raises ChecklistWrong, ChecklistStands."""
    _refuse_wrong(steps)
    LegalEntity.objects.select_for_update(no_key=True).get(pk=legal_entity.pk)
    if CloseStep.objects.filter(legal_entity=legal_entity).exists():
        raise ChecklistStands(entity=legal_entity.name)
    _write(legal_entity, steps)
    audit.record("ledger.set_checklist", actor=actor, subject=legal_entity, after={"steps": len(steps)})


@transaction.atomic
def propose_checklist(
    *, legal_entity: LegalEntity, steps: Sequence[StepAsked], actor: User
) -> ChecklistProposal:
    """Ask that closes start with other steps. They count once another person approves.

    A newer proposal takes the place of one that awaits. Raises ChecklistWrong, ChecklistUnchanged.
    """
    _refuse_wrong(steps)
    if list(steps) == [step_asked(step) for step in checklist(legal_entity=legal_entity)]:
        raise ChecklistUnchanged(entity=legal_entity.name)
    proposal = ChecklistProposal.objects.create(
        legal_entity=legal_entity,
        steps=[asdict(step) for step in steps],
        proposed_by=actor,
        proposed_at=clock.now(),
    )
    told = {"steps": [step.name for step in steps]}
    audit.record("ledger.propose_checklist", actor=actor, subject=legal_entity, after=told)
    return proposal


@transaction.atomic
def approve_checklist(*, proposal_id: int, actor: User) -> ChecklistDecision:
    """Let the next closes start with steps that somebody else proposed; closes under way keep theirs.

    Raises ChecklistByProposer, ChecklistDecided.
    """
    proposal = _awaiting(proposal_id)
    if proposal.proposed_by_id == actor.pk:
        raise ChecklistByProposer()
    decision = _decide(proposal, is_approved=True, actor=actor)
    steps = [StepAsked(**step) for step in proposal.steps]
    standing = CloseStep.objects.filter(legal_entity=proposal.legal_entity, retired_at=None)
    standing.update(retired_at=decision.decided_at)
    _write(proposal.legal_entity, steps)
    told = {"steps": [step.name for step in steps]}
    audit.record("ledger.approve_checklist", actor=actor, subject=proposal.legal_entity, after=told)
    return decision


@transaction.atomic
def decline_checklist(*, proposal_id: int, reason: str, actor: User) -> ChecklistDecision:
    """Keep the checklist as it is; who proposed another may say so, too.

    Raises ChecklistDecided, ChecklistWithoutReason.
    """
    proposal = _awaiting(proposal_id)
    if not reason.strip():
        raise ChecklistWithoutReason()
    decision = _decide(proposal, is_approved=False, reason=reason.strip(), actor=actor)
    audit.record("ledger.decline_checklist", actor=actor, subject=proposal.legal_entity, reason=reason)
    return decision


def step_asked(step: CloseStep) -> StepAsked:
    """A step that stands, as it was asked for."""
    return StepAsked(
        name=step.name,
        owner_role=step.owner_role,
        due_days=step.due_days,
        due_hour=step.due_hour,
        check_code=step.check_code,
        needs_evidence=step.needs_evidence,
        after=step.after.position if step.after else None,
    )


def _awaiting(proposal_id: int) -> ChecklistProposal:
    """The proposal, while nobody else decides on the entity's checklist. Raises ChecklistDecided."""
    proposal = ChecklistProposal.objects.select_related("legal_entity").get(pk=proposal_id)
    # What is only ever added is not locked itself: two who decide at once wait for each other here.
    LegalEntity.objects.select_for_update(no_key=True).get(pk=proposal.legal_entity_id)
    newer = ChecklistProposal.objects.filter(legal_entity=proposal.legal_entity, pk__gt=proposal.pk)
    if newer.exists() or ChecklistDecision.objects.filter(proposal=proposal).exists():
        raise ChecklistDecided()
    return proposal


def _decide(
    proposal: ChecklistProposal, *, is_approved: bool, actor: User, reason: str = ""
) -> ChecklistDecision:
    return ChecklistDecision.objects.create(
        proposal=proposal, is_approved=is_approved, reason=reason, decided_by=actor, decided_at=clock.now()
    )


def _refuse_wrong(steps: Sequence[StepAsked]) -> None:
    if not steps:
        raise ChecklistWrong(why="it has no step")
    for position, step in enumerate(steps, start=1):
        if step.after is not None and not 1 <= step.after < position:
            raise ChecklistWrong(why=f"{step.name} comes after a step that does not stand before it")
        if step.owner_role not in OWNERS:
            raise ChecklistWrong(why=f"{step.name} belongs to a role that does no steps")
        if step.check_code not in CloseStep.Check.values or not 0 <= step.due_hour <= 23:
            raise ChecklistWrong(why=f"{step.name} has an unknown check, or an hour beyond 23")


def _write(legal_entity: LegalEntity, steps: Sequence[StepAsked]) -> None:
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
