"""Who may do what: the roles, and the one table of their permissions.

Each application adds its own permissions to PERMISSIONS, named after the command or screen they open
("billing.issue_invoice"). Roles that may not be held by one person are rows of RoleConflict.
"""

from django.db import models


class Role(models.TextChoices):
    CASHIER = "CASHIER", "Cashier"
    HEAD_CASHIER = "HEAD_CASHIER", "Head cashier"
    BILLING_CLERK = "BILLING_CLERK", "Billing clerk"
    FINANCE_REVIEWER = "FINANCE_REVIEWER", "Finance reviewer"
    FINANCE_APPROVER = "FINANCE_APPROVER", "Finance approver"
    CONTROLLER = "CONTROLLER", "Controller"
    AUDITOR = "AUDITOR", "Auditor"
    INTEGRATOR = "INTEGRATOR", "Integrator (API client)"
    ADMINISTRATOR = "ADMINISTRATOR", "Administrator"


PERMISSIONS: dict[Role, frozenset[str]] = {
    Role.CASHIER: frozenset({}),
    Role.HEAD_CASHIER: frozenset({}),
    Role.BILLING_CLERK: frozenset({}),
    Role.FINANCE_REVIEWER: frozenset({}),
    Role.FINANCE_APPROVER: frozenset({}),
    Role.CONTROLLER: frozenset({}),
    Role.AUDITOR: frozenset({"access.view_user", "access.view_api_client"}),
    Role.INTEGRATOR: frozenset({"api.view_openapi"}),
    Role.ADMINISTRATOR: frozenset(
        {
            "access.view_user",
            "access.create_user",
            "access.grant_role",
            "access.revoke_role",
            "access.grant_facility",
            "access.revoke_facility",
            "access.view_api_client",
            "access.create_api_client",
            "access.rotate_api_secret",
            "access.revoke_api_client",
        }
    ),
}


def permissions_of(roles: frozenset[str]) -> frozenset[str]:
    """Everything the holder of these roles may do."""
    return frozenset().union(*(PERMISSIONS[Role(role)] for role in roles))
