"""Signing a map off: submitted by one person, approved or returned by another."""

from django.db import IntegrityError, transaction

from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.refusal import Refusal
from ledger.models import MappingStep, MappingVersion
from ledger.queries.mapping import check_mapping, mapping_versions, open_questions, writers_of


class MappingStateWrong(Refusal):
    code = "mapping_state_wrong"
    sentence = "{map} is {state} and cannot be {wanted}. Look at its steps for what is possible."


class MappingUnsound(Refusal):
    code = "mapping_unsound"
    status = 422
    sentence = "{map} has {count}, first: {first}. Mend what the validator lists, then submit again."


class MappingUndecided(Refusal):
    code = "mapping_undecided"
    status = 422
    sentence = "Questions about {categories} are not decided yet. Write the decisions first."


class MappingByWriter(Refusal):
    code = "mapping_by_writer"
    status = 403
    sentence = "You wrote, took out or submitted part of {map}, so another person must approve it."


class MappingStepWithoutReason(Refusal):
    code = "mapping_step_without_reason"
    status = 422
    sentence = "Say why the map is {done}."


@transaction.atomic
def submit_mapping(*, version: MappingVersion, actor: User) -> MappingStep:
    """Offer a draft for approval; its rules are fixed from now on.

    Raises MappingUnsound, MappingUndecided, MappingStateWrong.
    """
    _refuse_unsound(version)
    if undecided := open_questions(version):
        raise MappingUndecided(categories=", ".join(undecided))
    return _step(version, "SUBMITTED", actor=actor)


@transaction.atomic
def approve_mapping(*, version: MappingVersion, actor: User, comment: str = "") -> MappingStep:
    """Let a map count from its first day on, if it is still sound and the approver wrote none of it.

    Raises MappingByWriter, MappingUnsound, MappingStateWrong. Emits `mapping.approved`.
    """
    if actor.pk in writers_of(version):
        raise MappingByWriter(map=version)
    _refuse_unsound(version)
    step = _step(version, "APPROVED", actor=actor, comment=comment)
    outbox.record(
        "mapping.approved",
        subject=version.public_id,
        facility=None,
        data={
            "mapping": version.public_id,
            "legal_entity": version.legal_entity.code,
            "number": version.number,
            "effective_from": version.effective_from.isoformat(),
        },
    )
    return step


@transaction.atomic
def return_mapping(*, version: MappingVersion, actor: User, comment: str) -> MappingStep:
    """Send a submitted map back to its writers. Raises MappingStateWrong, MappingStepWithoutReason."""
    return _step(version, "RETURNED", actor=actor, comment=comment)


@transaction.atomic
def withdraw_mapping(*, version: MappingVersion, actor: User, comment: str) -> MappingStep:
    """Give a version up that was never approved. Raises MappingStateWrong, MappingStepWithoutReason."""
    return _step(version, "WITHDRAWN", actor=actor, comment=comment)


_AUDITED = {"SUBMITTED": "submit", "APPROVED": "approve", "RETURNED": "return", "WITHDRAWN": "withdraw"}


def _step(version: MappingVersion, state: str, *, actor: User, comment: str = "") -> MappingStep:
    if state in ("RETURNED", "WITHDRAWN") and not comment.strip():
        raise MappingStepWithoutReason(done=state.lower())
    now = mapping_versions(legal_entity_ids=[version.legal_entity_id]).get(pk=version.pk).state
    try:
        with transaction.atomic():
            step = MappingStep.objects.create(
                version=version,
                sequence=version.steps.count() + 1,
                state=state,
                made_by=actor,
                made_at=clock.now(),
                comment=comment,
            )
    except IntegrityError as error:
        raise MappingStateWrong(map=version, state=now.lower(), wanted=state.lower()) from error
    audit.record(f"ledger.{_AUDITED[state]}_mapping", actor=actor, subject=version, reason=comment)
    return step


def _refuse_unsound(version: MappingVersion) -> None:
    check = check_mapping(version)
    if not check.is_sound:
        count = f"{len(check.problems)} problem" + ("s" if len(check.problems) > 1 else "")
        raise MappingUnsound(map=version, count=count, first=check.problems[0].sentence)
