"""What is owed to each endpoint, and every try to give it."""

from django.db import models
from django.db.models import Q


class Delivery(models.Model):
    """One event owed to one endpoint. The row, not the queue, says what is still to be sent.

    subject and sequence repeat the event's own, so that the next one per subject is found by index.
    """

    class State(models.TextChoices):
        PENDING = "PENDING", "Waiting"
        DELIVERED = "DELIVERED", "Delivered"
        DEAD = "DEAD", "Given up"

    event = models.ForeignKey("outbox.Event", on_delete=models.PROTECT, related_name="deliveries")
    endpoint = models.ForeignKey("outbox.Endpoint", on_delete=models.PROTECT, related_name="deliveries")
    subject = models.CharField(max_length=120)
    sequence = models.PositiveBigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["endpoint", "event"], name="outbox_delivery_once_per_endpoint"),
            models.CheckConstraint(
                condition=Q(state="PENDING", finished_at__isnull=True)
                | Q(~Q(state="PENDING"), finished_at__isnull=False),
                name="outbox_delivery_finished_has_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at", "id"], name="outbox_delivery_due", condition=Q(state="PENDING")
            ),
            models.Index(
                fields=["endpoint", "subject", "sequence"],
                name="outbox_delivery_order",
                condition=Q(state="PENDING"),
            ),
            models.Index(fields=["endpoint", "id"], name="outbox_delivery_log"),
        ]


class Attempt(models.Model):
    """One try and its answer. Append-only."""

    delivery = models.ForeignKey(Delivery, on_delete=models.PROTECT, related_name="attempts")
    at = models.DateTimeField()
    status = models.PositiveSmallIntegerField(null=True)
    problem = models.CharField(max_length=200, blank=True)
    duration_ms = models.PositiveIntegerField()
