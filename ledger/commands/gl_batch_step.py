"""The life of a batch after it is built: approved, exported, acknowledged, posted, rejected, reversed."""

from typing import Any

from django.db import IntegrityError, transaction

from hms_ach import audit, clock, outbox
from hms_ach.access.models import User
from hms_ach.refusal import Refusal
from ledger.models import GlBatch, GlBatchStep
from ledger.rules.batch_life import may_follow


class GlBatchStateWrong(Refusal):
    code = "gl_batch_state_wrong"
    sentence = "Batch {batch} is {state} and cannot be {wanted}. Look at its steps for what is possible."


class GlBatchByBuilder(Refusal):
    code = "gl_batch_by_builder"
    status = 403
    sentence = "You built batch {batch}, so another person must approve it."


class RejectionWithoutReason(Refusal):
    code = "rejection_without_reason"
    status = 422
    sentence = "Rejecting a batch needs a reason. Say what the general ledger must not take."


class AcknowledgmentDiffers(Refusal):
    code = "acknowledgment_differs"
    sentence = (
        "Batch {batch} was {state} with journal {journal} already. Nothing was changed; if that was wrong, "
        "reverse the batch."
    )


class AcknowledgmentAfterRejection(Refusal):
    code = "acknowledgment_after_rejection"
    sentence = (
        "Batch {batch} was rejected already ({reason}), and this says that it was {outcome}. Nothing was "
        "changed. If the general ledger took it after all, take the journal out there; its entries are sent "
        "again in another batch."
    )


class JournalMissing(Refusal):
    code = "journal_missing"
    status = 422
    sentence = "A batch that was posted has a journal number in the general ledger. Send it as journal."


def state_of(batch: GlBatch) -> str:
    """The batch's state now. One SQL query."""
    last = batch.steps.order_by("-sequence").values_list("state", flat=True).first()
    return last or ""


@transaction.atomic
def approve_gl_batch(*, batch: GlBatch, actor: User) -> GlBatch:
    """Release a batch to the general ledger. Whoever built it may not.

    Raises GlBatchByBuilder, GlBatchStateWrong. Emits `gl_batch.approved`.
    """
    if batch.built_by_id == actor.pk:
        raise GlBatchByBuilder(batch=batch)
    add_step(batch, "APPROVED", actor=actor)
    audit.record("ledger.approve_gl_batch", actor=actor, subject=batch, facility=batch.facility)
    outbox.record("gl_batch.approved", **_told(batch))
    return batch


@transaction.atomic
def reject_gl_batch(*, batch: GlBatch, reason: str, actor: User) -> GlBatch:
    """Say that a batch must not be posted; its entries are then sent again by rebuild_gl_batch.

    Raises RejectionWithoutReason, GlBatchStateWrong. Emits `gl_batch.rejected`.
    """
    if not reason.strip():
        raise RejectionWithoutReason
    add_step(batch, "REJECTED", actor=actor, reason=reason)
    audit.record("ledger.reject_gl_batch", actor=actor, subject=batch, facility=batch.facility, reason=reason)
    outbox.record("gl_batch.rejected", **_told(batch))
    return batch


@transaction.atomic
def export_gl_batch(*, batch: GlBatch, layout: str, actor: User | None, via: str) -> GlBatch:
    """Record that a batch went out in a layout; only the first time changes its state.

    via  how it went, such as "download" or a destination's name

    Raises GlBatchStateWrong for a batch that is not approved.
    """
    state = state_of(batch)
    if state == "APPROVED":
        add_step(batch, "EXPORTED", actor=actor, reason=f"{layout} by {via}")
    elif state not in ("EXPORTED", "ACKNOWLEDGED", "POSTED", "REVERSED"):
        raise GlBatchStateWrong(batch=batch, state=state.lower(), wanted="exported")
    audit.record(
        "ledger.export_gl_batch",
        actor=actor,
        subject=batch,
        facility=batch.facility,
        after={"layout": layout, "via": via},
    )
    return batch


@transaction.atomic
def acknowledge_gl_batch(
    *, batch: GlBatch, outcome: str, journal: str = "", message: str = "", actor: User
) -> GlBatch:
    """Take the general ledger's word for a batch. Saying the same again changes nothing.

    Posting a batch that takes another one back makes the other one reversed, not earlier: until then its
    entries stand in the general ledger and must not be sent again.

    outcome  "accepted" (it will be posted), "posted" (it is) or "rejected" (it will not be)
    journal  the general ledger's number for it; a posted batch has one
    message  why, for a rejection

    Raises AcknowledgmentDiffers, AcknowledgmentAfterRejection, GlBatchStateWrong, JournalMissing,
    RejectionWithoutReason.
    Emits `gl_batch.posted` or `gl_batch.rejected`.
    """
    if outcome == "rejected":
        said = _rejection_of(batch)
        if said and said.reason == message:
            return batch
        return reject_gl_batch(batch=batch, reason=message, actor=actor)
    if outcome == "posted" and not journal:
        raise JournalMissing
    if _is_repeated(batch, outcome=outcome, journal=journal):
        return batch
    if state_of(batch) != "ACKNOWLEDGED":
        add_step(batch, "ACKNOWLEDGED", actor=actor, reason=message, journal=journal)
    if outcome == "posted":
        add_step(batch, "POSTED", actor=actor, reason=message, journal=journal)
        if batch.reverses:
            built = batch.steps.get(state="BUILT")
            add_step(batch.reverses, "REVERSED", actor=actor, reason=f"{built.reason} ({batch.number})")
        outbox.record("gl_batch.posted", **_told(batch, journal=journal))
    audit.record(
        "ledger.acknowledge_gl_batch",
        actor=actor,
        subject=batch,
        facility=batch.facility,
        after={"outcome": outcome, "journal": journal},
    )
    return batch


def _is_repeated(batch: GlBatch, *, outcome: str, journal: str) -> bool:
    """Whether this was said before.

    Raises AcknowledgmentDiffers when it was said differently, AcknowledgmentAfterRejection when the batch
    was rejected since: a batch that is being sent again must not be taken for one that was posted.
    """
    if rejection := _rejection_of(batch):
        raise AcknowledgmentAfterRejection(batch=batch, reason=rejection.reason, outcome=outcome)
    said = {step.state: step for step in batch.steps.filter(state__in=["ACKNOWLEDGED", "POSTED"])}
    known = said.get("POSTED") or (said.get("ACKNOWLEDGED") if outcome == "accepted" else None)
    if known is None:
        return False
    if known.journal != journal and (journal or outcome == "posted"):
        word = known.get_state_display().lower()
        raise AcknowledgmentDiffers(batch=batch, state=word, journal=known.journal or "none")
    return True


def _rejection_of(batch: GlBatch) -> GlBatchStep | None:
    """The step by which the batch was rejected; nothing but rebuilding follows it."""
    return batch.steps.filter(state="REJECTED").order_by("-sequence").first()


def add_step(
    batch: GlBatch, state: str, *, actor: User | None, reason: str = "", journal: str = ""
) -> GlBatchStep:
    """The next row of a batch's life. Raises GlBatchStateWrong, also when somebody else was faster."""
    last = batch.steps.order_by("-sequence").first()
    before = last.state if last else ""
    wrong = GlBatchStateWrong(batch=batch, state=before.lower(), wanted=state.lower())
    if not may_follow(before, state):
        raise wrong
    try:
        with transaction.atomic():
            return GlBatchStep.objects.create(
                batch=batch,
                sequence=last.sequence + 1 if last else 1,
                state=state,
                made_by=actor,
                made_at=clock.now(),
                reason=reason,
                journal=journal,
            )
    except IntegrityError as error:
        raise wrong from error


def _told(batch: GlBatch, **more: str) -> dict[str, Any]:
    """What every event of a batch says."""
    data = {
        "gl_batch": batch.public_id,
        "facility": batch.facility.code,
        "business_on": batch.business_on.isoformat(),
    }
    return {"subject": batch.public_id, "facility": batch.facility, "data": data | more}
