"""Seals: a signed statement about a run of events and about every seal before it."""

from django.db import models
from django.db.models import F, Q

from hms_ach.audit.models.transaction_id import TransactionIdField


class Seal(models.Model):
    """All events of one epoch whose transaction lies in [low, high), under one RFC 6962 tree head.

    header is the frozen text of the seal, digest = SHA-256(header), and the next seal's header
    holds this digest. signature is Ed25519 over the header; empty where no key is configured.
    """

    number = models.PositiveBigIntegerField(primary_key=True)
    epoch = models.PositiveIntegerField()
    low = TransactionIdField()
    high = TransactionIdField()
    event_count = models.PositiveIntegerField()
    root = models.BinaryField()
    previous_digest = models.BinaryField()
    sealed_at = models.DateTimeField()
    key_id = models.CharField(max_length=16, blank=True)
    header = models.TextField()
    digest = models.BinaryField()
    signature = models.BinaryField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(event_count__gte=1), name="audit_seal_holds_events"),
            models.CheckConstraint(condition=Q(low__lt=F("high")), name="audit_seal_low_before_high"),
            models.UniqueConstraint(fields=["epoch", "low"], name="audit_seal_follows_once"),
        ]
