"""Who may work in which facility."""

from django.db import models
from guardian.models import UserObjectPermissionBase


class FacilityGrant(UserObjectPermissionBase):
    """One facility open to one person or service account.

    Guardian's object permission `access.work_in_facility`, with a real foreign key.
    """

    content_object = models.ForeignKey("access.Facility", on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        unique_together = []
        constraints = [
            models.UniqueConstraint(
                fields=["user", "permission", "content_object"], name="access_facility_grant_once"
            )
        ]
