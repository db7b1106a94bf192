"""Opening and closing facilities to people."""

from django.db import transaction
from guardian.shortcuts import assign_perm, remove_perm

from hms_ach import audit
from hms_ach.access.models import Facility, User

WORK_IN_FACILITY = "access.work_in_facility"


@transaction.atomic
def grant_facility(user: User, facility: Facility, *, actor: User | None = None) -> None:
    """Let somebody work in a facility. Granting it again changes nothing."""
    assign_perm(WORK_IN_FACILITY, user, facility)
    _note("access.grant_facility", user, facility, actor)


@transaction.atomic
def revoke_facility(user: User, facility: Facility, *, actor: User | None = None) -> None:
    """Close a facility to somebody, from the next request on."""
    remove_perm(WORK_IN_FACILITY, user, facility)
    _note("access.revoke_facility", user, facility, actor)


def _note(action: str, user: User, facility: Facility, actor: User | None) -> None:
    audit.record(action, actor=actor, subject=user, facility=facility, after={"facility": facility.code})
    user.__dict__.pop("_facilities_open", None)
