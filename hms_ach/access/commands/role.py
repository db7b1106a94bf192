"""Giving roles and taking them back."""

from django.db import transaction
from django.db.models import Q

from hms_ach import audit, clock
from hms_ach.access.models import RoleConflict, RoleGrant, User
from hms_ach.access.roles import Role
from hms_ach.refusal import Refusal


class RoleConflictRefused(Refusal):
    code = "role_conflict"
    title = "These roles exclude each other"
    sentence = (
        "{name} is already {held} and cannot also be {role}: {reason} "
        "Take the first role back, or give this one to somebody else."
    )


class RoleToOneself(Refusal):
    code = "role_to_oneself"
    sentence = "Nobody gives a role to himself or herself. Ask another administrator."


class RoleNotForKind(Refusal):
    code = "role_not_for_kind"
    sentence = "The role {role} is not for {name}: API clients are integrators, people never are."


class RoleNotHeld(Refusal):
    code = "role_not_held"
    sentence = "{name} does not hold the role {role}. Look at the list again; it may have changed."


@transaction.atomic
def grant_role(*, user: User, role: str, actor: User | None = None, reason: str = "") -> RoleGrant:
    """Give a role. Giving one that is held already changes nothing.

    actor  who gives it; None only while the installation is set up

    Raises RoleConflictRefused, RoleToOneself, RoleNotForKind. The database refuses the same.
    """
    role = Role(role)
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    held = {grant.role: grant for grant in RoleGrant.objects.filter(user=user, revoked_at=None)}
    if role in held:
        return held[role]
    if actor is not None and actor.pk == user.pk:
        raise RoleToOneself()
    if (role == Role.INTEGRATOR) != (user.kind == User.Kind.SERVICE):
        raise RoleNotForKind(role=role.label, name=user.get_full_name())
    _refuse_conflict(user, role, set(held))

    grant = RoleGrant.objects.create(
        user=user, role=role, granted_by=actor, granted_at=clock.now(), reason=reason
    )
    audit.record("access.grant_role", actor=actor, subject=user, reason=reason, after={"role": str(role)})
    _forget_roles(user)
    return grant


@transaction.atomic
def revoke_role(*, user: User, role: str, actor: User, reason: str = "") -> RoleGrant:
    """Take a role back; it no longer counts from the next request on. Raises RoleNotHeld."""
    role = Role(role)
    grant = RoleGrant.objects.select_for_update().filter(user=user, role=role, revoked_at=None).first()
    if grant is None:
        raise RoleNotHeld(role=role.label, name=user.get_full_name())
    grant.revoked_by, grant.revoked_at, grant.revocation_reason = actor, clock.now(), reason
    grant.save(update_fields=["revoked_by", "revoked_at", "revocation_reason"])
    audit.record("access.revoke_role", actor=actor, subject=user, reason=reason, before={"role": str(role)})
    _forget_roles(user)
    return grant


def _refuse_conflict(user: User, role: Role, held: set[str]) -> None:
    pairs = Q(role=role, other_role__in=held) | Q(other_role=role, role__in=held)
    conflict = RoleConflict.objects.filter(pairs).order_by("id").first()
    if conflict is None:
        return
    other = conflict.other_role if conflict.role == role else conflict.role
    raise RoleConflictRefused(
        name=user.get_full_name(),
        held=Role(other).label.lower(),
        role=role.label.lower(),
        reason=conflict.reason,
    )


def _forget_roles(user: User) -> None:
    user.__dict__.pop("_roles_held", None)
