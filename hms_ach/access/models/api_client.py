"""Programs that use the API."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hms_ach.access.scopes import SCOPES


class ApiClient(models.Model):
    """A program with a client id and secret (its OAuth application), acting as its own service account.

    It is suspended by suspending the service account. The secret is kept only as a hash.
    """

    application = models.OneToOneField(
        "oauth2_provider.Application", on_delete=models.PROTECT, related_name="api_client"
    )
    user = models.OneToOneField("access.User", on_delete=models.PROTECT, related_name="api_client")
    name = models.CharField(max_length=120)
    scopes = ArrayField(models.CharField(max_length=40))
    created_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    secret_set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(scopes__contained_by=sorted(SCOPES)), name="access_api_client_known_scopes"
            )
        ]

    def __str__(self) -> str:
        return self.application.client_id
