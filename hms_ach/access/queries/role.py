"""The roles a user holds and what they allow.

The answers are kept on the user object, which lives for one request: what is granted or revoked
counts from the next request on.
"""

from typing import Any

from hms_ach.access.models import RoleGrant
from hms_ach.access.roles import permissions_of


def roles_of(user: Any) -> frozenset[str]:
    """The roles held now; none for somebody who is not active or not signed in. One SQL query a request."""
    if not user.is_active or not user.is_authenticated:
        return frozenset()
    if not hasattr(user, "_roles_held"):
        held = RoleGrant.objects.filter(user=user, revoked_at=None)
        user._roles_held = frozenset(held.values_list("role", flat=True))
    return user._roles_held


def permissions_held(user: Any) -> frozenset[str]:
    """Every permission of the roles held, such as "billing.issue_invoice"."""
    return permissions_of(roles_of(user))


def has_permission(user: Any, permission: str) -> bool:
    """Whether one of the roles held allows this."""
    return permission in permissions_held(user)
