"""Ways to the general ledger: written by one person, approved by another, retired by either."""

import re
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from hms_ach import audit, clock
from hms_ach.access.models import LegalEntity, User
from hms_ach.outbox.rules.address import AddressRefused
from hms_ach.refusal import Refusal
from hms_ach.sftp import host_key_of, place_of
from ledger.formats.layouts import LAYOUTS, lacking_name
from ledger.gateways.destination import Destination, open_destination
from ledger.gateways.destination_error import DestinationFailed
from ledger.models import DeliveryProfile, DeliveryProfileApproval
from ledger.queries.export_profile import profiles_in_force
from ledger.queries.mapping import gl_settings
from ledger.rules.delivery import is_folder, pattern_problem

_CODE = re.compile(r"[a-z0-9-]{2,30}")
_PATH = re.compile(r"(?:/[A-Za-z0-9_.-]+)*/?")
PROFILE = "profile:"


class DeliveryProfileWrong(Refusal):
    code = "delivery_profile_wrong"
    status = 422
    sentence = "The delivery profile cannot be kept: {why}."


class DeliveryProfileByWriter(Refusal):
    code = "delivery_profile_by_writer"
    status = 403
    sentence = "You wrote {profile}, so another person must approve it."


class DeliveryProfileDecided(Refusal):
    code = "delivery_profile_decided"
    sentence = "{profile} is {state} already. Write a new version instead."


class DestinationUnreachable(Refusal):
    code = "destination_unreachable"
    status = 502
    sentence = "{profile} does not work: {problem}. Nothing was sent; correct the profile in a new version."


def write_delivery_profile(
    *,
    legal_entity: LegalEntity,
    code: str,
    way: str,
    place: str,
    layout: str,
    name_pattern: str,
    reason: str,
    actor: User,
    username: str = "",
    secret: str = "",
    host_key: str = "",
    is_automatic: bool = False,
) -> DeliveryProfile:
    """Keep a new version; it counts once another person approves it. The secret is sealed, never shown again.

    See DeliveryProfile for what the arguments hold. Without a secret the one of the version before stays.
    Raises DeliveryProfileWrong.
    """
    with transaction.atomic():
        LegalEntity.objects.select_for_update(no_key=True).get(pk=legal_entity.pk)
        same = DeliveryProfile.objects.filter(legal_entity=legal_entity, code=code)
        before = same.filter(way=way, place=place, username=username).order_by("-version").first()
        profile = DeliveryProfile(
            legal_entity=legal_entity,
            code=code,
            version=(same.aggregate(last=Max("version"))["last"] or 0) + 1,
            way=way,
            place=place,
            username=username,
            secret=secret or (before.secret if before else ""),
            host_key=host_key.strip(),
            layout=layout,
            name_pattern=name_pattern,
            is_automatic=is_automatic,
            reason=reason.strip(),
            written_by=actor,
            written_at=clock.now(),
        )
        _check(profile)
        profile.save()
        told = {
            "way": way,
            "place": place,
            "layout": layout,
            "names": name_pattern,
            "by_itself": is_automatic,
        }
        audit.record("ledger.write_delivery_profile", actor=actor, subject=profile, reason=reason, after=told)
    return profile


@transaction.atomic
def approve_delivery_profile(*, profile: DeliveryProfile, actor: User) -> DeliveryProfileApproval:
    """Let a profile count. Raises DeliveryProfileByWriter, DeliveryProfileDecided."""
    locked = DeliveryProfile.objects.select_for_update(no_key=True).get(pk=profile.pk)
    if locked.written_by_id == actor.pk:
        raise DeliveryProfileByWriter(profile=profile)
    if locked.retired_at:
        raise DeliveryProfileDecided(profile=profile, state="retired")
    if DeliveryProfileApproval.objects.filter(profile=profile).exists():
        raise DeliveryProfileDecided(profile=profile, state="approved")
    approval = DeliveryProfileApproval.objects.create(
        profile=profile, approved_by=actor, approved_at=clock.now()
    )
    audit.record("ledger.approve_delivery_profile", actor=actor, subject=profile)
    return approval


@transaction.atomic
def retire_delivery_profile(*, profile: DeliveryProfile, actor: User) -> DeliveryProfile:
    """Let nothing go this way any more; what still waits for it is dropped. Raises DeliveryProfileDecided."""
    locked = DeliveryProfile.objects.select_for_update().get(pk=profile.pk)
    if locked.retired_at:
        raise DeliveryProfileDecided(profile=profile, state="retired")
    locked.retired_by, locked.retired_at = actor, clock.now()
    locked.save(update_fields=["retired_by", "retired_at"])
    audit.record("ledger.retire_delivery_profile", actor=actor, subject=profile)
    return locked


def try_delivery_profile(*, profile: DeliveryProfile, actor: User) -> None:
    """Connect, sign in and see that the folder is there; write nothing. Raises DestinationUnreachable."""
    try:
        destination = opened(profile)
        try:
            destination.look()
        finally:
            destination.close()
    except DestinationFailed as failed:
        raise DestinationUnreachable(profile=profile, problem=str(failed)) from None
    audit.record("ledger.try_delivery_profile", actor=actor, subject=profile)


def opened(profile: DeliveryProfile) -> Destination:
    """The profile's place, connected and signed in. Raises DestinationFailed."""
    return open_destination(
        profile.way,
        profile.place,
        username=profile.username,
        secret=profile.secret,
        host_key=profile.host_key,
        folders=Path(settings.GL_FOLDERS),
        inside=settings.GL_SFTP_INSIDE,
        allow_loopback=settings.GL_ALLOW_LOOPBACK,
    )


def _check(profile: DeliveryProfile) -> None:
    """What can be known without the network. Raises DeliveryProfileWrong."""
    if not _CODE.fullmatch(profile.code):
        raise DeliveryProfileWrong(why="its code is not 2 to 30 small letters, digits and hyphens")
    if not profile.reason:
        raise DeliveryProfileWrong(why="nobody said why it is needed")
    codes = {each.code for each in profiles_in_force(legal_entity=profile.legal_entity)}
    if profile.layout not in LAYOUTS and profile.layout not in {f"{PROFILE}{code}" for code in codes}:
        raise DeliveryProfileWrong(why=f"{profile.layout} is neither a layout nor an approved export profile")
    _check_names(profile)
    if problem := pattern_problem(profile.name_pattern):
        raise DeliveryProfileWrong(why=f"of its pattern of names, {problem}")
    if profile.way == DeliveryProfile.Way.FOLDER:
        if not is_folder(profile.place):
            raise DeliveryProfileWrong(
                why="the folder is a name below the folder for general ledgers, such as oracle/inbox"
            )
        return
    _check_server(profile)


def _check_names(profile: DeliveryProfile) -> None:
    if profile.layout not in LAYOUTS:
        return
    if lacking := lacking_name(profile.layout, gl_settings(legal_entity=profile.legal_entity)):
        label = LAYOUTS[profile.layout].label
        raise DeliveryProfileWrong(
            why=f"{label} needs the {lacking}; set it under Names in layouts of the GL chart first"
        )


def _check_server(profile: DeliveryProfile) -> None:
    try:
        server = place_of(
            profile.place, allow_loopback=settings.GL_ALLOW_LOOPBACK, inside=settings.GL_SFTP_INSIDE
        )
        host_key_of(profile.host_key)
    except AddressRefused as refused:
        raise DeliveryProfileWrong(why=f"of its address, {refused.params['why']}") from None
    except ValueError:
        raise DeliveryProfileWrong(
            why="the host key is not a line of known_hosts or of a .pub file"
        ) from None
    if not _PATH.fullmatch(server.path) or "/.." in server.path or "/./" in server.path:
        raise DeliveryProfileWrong(why="the folder on the server is no plain path, such as /inbound/gl")
    if not profile.username or not profile.secret:
        raise DeliveryProfileWrong(why="SFTP needs a user name and a private key or password")
