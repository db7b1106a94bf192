"""What was told, in order per subject."""

from django.db import models

from hms_ach.ids import PublicIdField


class Sequence(models.Model):
    """The last sequence number of a subject; its row lock keeps a subject's events in commit order."""

    subject = models.CharField(max_length=120, primary_key=True)
    last_number = models.PositiveBigIntegerField()


class Event(models.Model):
    """A fact that others may want to know. Thin: ids and amounts, never a name or an account number."""

    public_id = PublicIdField(prefix="evt")
    type = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    sequence = models.PositiveBigIntegerField()
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, null=True, related_name="+")
    data = models.JSONField()
    occurred_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["subject", "sequence"], name="outbox_event_sequence_per_subject")
        ]
        indexes = [
            models.Index(fields=["occurred_at", "id"], name="outbox_event_when"),
            models.Index(fields=["type", "occurred_at", "id"], name="outbox_event_type"),
        ]
