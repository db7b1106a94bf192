"""People and API clients as their administrator sees them."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from hms_ach.access.models import ApiClient, Facility, FacilityGrant, RoleGrant, User
from hms_ach.access.roles import Role, permissions_of


@dataclass(frozen=True, slots=True)
class UserRow:
    """One line of the list of users."""

    username: str
    name: str
    is_active: bool
    roles: list[str]
    facilities: list[str]
    last_sign_in_at: datetime | None

    @property
    def state(self) -> str:
        return "ACTIVE" if self.is_active else "SUSPENDED"


@dataclass(frozen=True, slots=True)
class ClientRow:
    """One line of the list of API clients."""

    client_id: str
    name: str
    is_active: bool
    scopes: list[str]
    facilities: list[str]
    secret_set_at: datetime

    @property
    def state(self) -> str:
        return "ACTIVE" if self.is_active else "SUSPENDED"


def people(*, text: str = "", role: str = "") -> list[UserRow]:
    """Everybody who may sign in, by user name, found by a part of either name and by role held.

    Three SQL queries, whatever the number of people.
    """
    users = User.objects.filter(kind=User.Kind.PERSON)
    if text:
        users = users.filter(Q(username__icontains=text) | Q(name__icontains=text))
    if role:
        users = users.filter(pk__in=RoleGrant.objects.filter(role=role, revoked_at=None).values("user"))
    found = list(users.order_by("username", "id"))
    ids = [user.pk for user in found]
    roles, places = _roles_by_user(ids), _facilities_by_user(ids)
    return [
        UserRow(
            username=user.username,
            name=user.get_full_name(),
            is_active=user.is_active,
            roles=roles[user.pk],
            facilities=places[user.pk],
            last_sign_in_at=user.last_login,
        )
        for user in found
    ]


def people_who_may(permission: str, *, facility: Facility) -> list[User]:
    """Who works in the facility and holds a role that allows this, by name. One SQL query."""
    roles = [role for role in Role if permission in permissions_of(frozenset({role}))]
    held = RoleGrant.objects.filter(role__in=roles, revoked_at=None).values("user")
    placed = FacilityGrant.objects.filter(content_object=facility).values("user")
    found = User.objects.filter(kind=User.Kind.PERSON, is_active=True, pk__in=held).filter(pk__in=placed)
    return list(found.order_by("name", "id"))


def api_clients() -> list[ClientRow]:
    """Every registered program, by client id. Two SQL queries."""
    found = list(
        ApiClient.objects.select_related("application", "user").order_by("application__client_id", "id")
    )
    places = _facilities_by_user([client.user_id for client in found])
    return [
        ClientRow(
            client_id=client.application.client_id,
            name=client.name,
            is_active=client.user.is_active,
            scopes=client.scopes,
            facilities=places[client.user_id],
            secret_set_at=client.secret_set_at,
        )
        for client in found
    ]


def role_grants_of(user: User) -> list[RoleGrant]:
    """All roles a person was ever given, those held first, then the latest first. One SQL query."""
    grants = RoleGrant.objects.filter(user=user).select_related("granted_by", "revoked_by")
    held_first = sorted(grants.order_by("-granted_at", "-id"), key=lambda grant: grant.revoked_at is not None)
    return held_first


def _roles_by_user(ids: list[int]) -> dict[int, list[str]]:
    labels = defaultdict(list)
    held = RoleGrant.objects.filter(user__in=ids, revoked_at=None).order_by("role", "id")
    for user_id, role in held.values_list("user_id", "role"):
        labels[user_id].append(Role(role).label)
    return labels


def _facilities_by_user(ids: list[int]) -> dict[int, list[str]]:
    codes = defaultdict(list)
    grants = FacilityGrant.objects.filter(user__in=ids).order_by("content_object__code", "id")
    for user_id, code in grants.values_list("user_id", "content_object__code"):
        codes[user_id].append(code)
    return codes
