"""Roles that people hold, and roles that one person never holds together."""

from django.db import models
from django.db.models import F, Q

from hms_ach.access.roles import Role


class RoleGrant(models.Model):
    """A role given to somebody. It ends once, by its revocation columns, and is never deleted.

    A trigger refuses a second role that conflicts with one still held, people's roles for service
    accounts and the reverse, and every change but the one revocation.
    """

    user = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="role_grants")
    role = models.CharField(max_length=20, choices=Role)
    granted_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    granted_at = models.DateTimeField()
    reason = models.CharField(max_length=200, blank=True)
    revoked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    revoked_at = models.DateTimeField(null=True)
    revocation_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role"],
                condition=Q(revoked_at=None),
                name="access_role_grant_held_once",
            ),
            models.CheckConstraint(
                condition=Q(granted_by=None) | ~Q(granted_by=F("user")),
                name="access_role_grant_not_to_oneself",
            ),
            models.CheckConstraint(condition=Q(role__in=Role.values), name="access_role_grant_known_role"),
            models.CheckConstraint(
                condition=Q(revoked_at=None) | Q(revoked_at__gte=F("granted_at")),
                name="access_role_grant_ends_after_start",
            ),
        ]


class RoleConflict(models.Model):
    """Two roles that nobody holds together, and why. Written by migrations only."""

    role = models.CharField(max_length=20, choices=Role)
    other_role = models.CharField(max_length=20, choices=Role)
    reason = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["role", "other_role"], name="access_role_conflict_pair"),
            models.CheckConstraint(
                condition=Q(role__lt=F("other_role")), name="access_role_conflict_in_order"
            ),
        ]
