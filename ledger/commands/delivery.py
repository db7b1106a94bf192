"""Owing the general ledger a batch: queued as a row, by a person or by itself; never twice unsaid."""

from django.db import IntegrityError, transaction

from hms_ach import audit, clock
from hms_ach.access.models import User
from hms_ach.refusal import Refusal
from ledger.commands.delivery_profile import PROFILE
from ledger.commands.export_profile import write_profile_file
from ledger.commands.gl_batch_step import state_of
from ledger.formats.layouts import LAYOUTS
from ledger.models import (
    DeliveryProfile,
    DeliveryProfileApproval,
    GlBatch,
    GlBatchDelivery,
    GlBatchFile,
)
from ledger.queries.delivery import batches_owed, delivery_profiles_in_force
from ledger.queries.export_profile import profiles_in_force
from ledger.queries.gl_batch import GlBatchNotReleased, released_file
from ledger.rules.batch_life import DELIVERABLE
from ledger.rules.delivery import NameParts, file_name, is_plain_name

State = GlBatchDelivery.State


class DeliveryProfileNotInForce(Refusal):
    code = "delivery_profile_not_in_force"
    sentence = "{profile} is not approved, is retired or is of another legal entity. Choose one that counts."


class DeliveryUnderWay(Refusal):
    code = "delivery_under_way"
    sentence = "{batch} is on its way to {destination} already. Wait for it; nothing was queued again."


class DeliveredAlready(Refusal):
    code = "delivered_already"
    sentence = (
        "{batch} went to {destination} already ({state}). Say why it goes again; the general ledger "
        "must not post it twice."
    )


class DeliveryNameWrong(Refusal):
    code = "delivery_name_wrong"
    status = 422
    sentence = "{name} cannot be the name of a file. Write a version of {profile} with another pattern."


class DeliveryWithoutFile(Refusal):
    code = "delivery_without_file"
    sentence = (
        "{batch} has no file in the layout {layout}, because a name that it needs was not set when the batch "
        "was built. Set it under Names in layouts, reject the batch and build it again."
    )


def queue_delivery(
    *, batch: GlBatch, profile: DeliveryProfile, actor: User | None, reason: str = ""
) -> GlBatchDelivery:
    """Owe a destination a batch, with the file and name fixed now. `deliver` sends it.

    actor   None when the profile sends by itself
    reason  why it goes there again, after it was sent or given up

    Raises DeliveryProfileNotInForce, GlBatchNotReleased, DeliveryUnderWay, DeliveredAlready,
    DeliveryNameWrong, DeliveryWithoutFile, TransformFailed.
    """
    if profile.pk not in {each.pk for each in delivery_profiles_in_force(legal_entity=batch.legal_entity)}:
        raise DeliveryProfileNotInForce(profile=profile)
    if (state := state_of(batch)) not in DELIVERABLE:
        raise GlBatchNotReleased(batch=batch, state=state.lower())
    file, layout = _file(batch, profile, actor)
    with transaction.atomic():
        DeliveryProfile.objects.select_for_update(no_key=True).get(pk=profile.pk)
        before = batch.deliveries.filter(destination=profile.code).order_by("-repeat").first()
        _refuse_again(batch, before, reason)
        repeat = before.repeat + 1 if before else 0
        delivery = _new(batch, profile, file, layout, repeat)
        delivery.asked_by, delivery.reason = actor, reason.strip() if before else ""
        try:
            with transaction.atomic():
                delivery.save()
        except IntegrityError as error:
            raise DeliveryUnderWay(batch=batch, destination=profile.code) from error
        audit.record(
            "ledger.queue_delivery",
            actor=actor,
            subject=batch,
            facility=batch.facility,
            reason=reason,
            after={"to": profile.code, "name": delivery.remote_name, "sha256": delivery.sha256},
        )
    return delivery


def _file(batch: GlBatch, profile: DeliveryProfile, actor: User | None) -> tuple[GlBatchFile, str]:
    """The bytes that go there, and what their layout is called in names."""
    code = profile.layout.removeprefix(PROFILE)
    if code == profile.layout:
        file = released_file(batch, profile.layout)
        if file is None and code in LAYOUTS:
            raise DeliveryWithoutFile(batch=batch, layout=LAYOUTS[code].label)
    else:
        mine = (each for each in profiles_in_force(legal_entity=batch.legal_entity) if each.code == code)
        transform = next(mine, None)
        file = write_profile_file(batch=batch, profile=transform, actor=actor) if transform else None
    if file is None:
        raise DeliveryProfileNotInForce(profile=profile)
    return file, code


def _refuse_again(batch: GlBatch, before: GlBatchDelivery | None, reason: str) -> None:
    if before is None:
        return
    if before.state in (State.QUEUED, State.FAILED):
        raise DeliveryUnderWay(batch=batch, destination=before.destination)
    if not reason.strip():
        said = before.get_state_display().lower()
        raise DeliveredAlready(batch=batch, destination=before.destination, state=said)


def _new(
    batch: GlBatch, profile: DeliveryProfile, file: GlBatchFile, layout: str, repeat: int
) -> GlBatchDelivery:
    parts = NameParts(
        number=batch.number,
        entity=batch.legal_entity.code,
        facility=batch.facility.code,
        business_on=batch.business_on,
        run=batch.run,
        layout=layout,
        extension=file.extension,
    )
    name, now = file_name(profile.name_pattern, parts, repeat=repeat), clock.now()
    if not is_plain_name(name):
        raise DeliveryNameWrong(name=name[:120], profile=profile)
    return GlBatchDelivery(
        batch=batch,
        profile=profile,
        file=file,
        destination=profile.code,
        repeat=repeat,
        remote_name=name,
        size=file.size,
        sha256=file.sha256,
        next_try_at=now,
        queued_at=now,
    )


def queue_automatic_deliveries() -> tuple[list[GlBatchDelivery], list[tuple[GlBatch, Refusal]]]:
    """Queue what goes by itself: each batch that was approved since its profile was. Safe to repeat.

    Gives what was queued, and what was refused with its reason.
    """
    queued, refused = [], []
    approvals = DeliveryProfileApproval.objects.filter(profile__is_automatic=True, profile__retired_at=None)
    for approval in approvals.select_related("profile__legal_entity").order_by("id"):
        profile = approval.profile
        in_force = delivery_profiles_in_force(legal_entity=profile.legal_entity)
        if profile.pk not in {each.pk for each in in_force}:
            continue
        for batch in batches_owed(profile, since=approval.approved_at):
            try:
                queued.append(queue_delivery(batch=batch, profile=profile, actor=None))
            except Refusal as refusal:
                refused.append((batch, refusal))
    return queued, refused
