"""Where events go."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField
from hms_ach.vault import EncryptedTextField


class Endpoint(models.Model):
    """An address that receives events of its facilities, signed with its own secret.

    During a rotation previous_secret signs too, until previous_secret_until.
    An endpoint is paused by a person, and disabled when a delivery has failed for three days.
    """

    class State(models.TextChoices):
        ACTIVE = "ACTIVE", "Active"
        PAUSED = "PAUSED", "Paused"
        DISABLED = "DISABLED", "Disabled"

    public_id = PublicIdField(prefix="whe")
    url = models.CharField(max_length=500)
    description = models.CharField(max_length=120, blank=True)
    event_types = models.JSONField(default=list)
    facilities = models.ManyToManyField("access.Facility", related_name="+")
    state = models.CharField(max_length=10, choices=State, default=State.ACTIVE)
    secret = EncryptedTextField()
    previous_secret = EncryptedTextField(null=True)
    previous_secret_until = models.DateTimeField(null=True)
    owner = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField()
    disabled_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(previous_secret__isnull=True, previous_secret_until__isnull=True)
                | Q(previous_secret__isnull=False, previous_secret_until__isnull=False),
                name="outbox_endpoint_previous_secret_ends",
            ),
            models.CheckConstraint(condition=~Q(url=""), name="outbox_endpoint_has_url"),
        ]
