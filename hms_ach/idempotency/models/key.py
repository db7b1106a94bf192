"""What was asked and answered under an Idempotency-Key."""

from django.db import models


class Key(models.Model):
    """One answered request. Written with its effect, never changed, pruned after its keeping time.

    body is encrypted: a reply may hold personal data or a secret that is shown once.
    """

    client = models.CharField(max_length=100)
    key = models.CharField(max_length=255)
    fingerprint = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    media_type = models.CharField(max_length=100)
    headers = models.JSONField(default=dict)
    body = models.BinaryField()
    created_at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["client", "key"], name="idempotency_key_once_per_client")
        ]
