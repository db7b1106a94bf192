"""Business days that were closed."""

from django.db import models


class DayClose(models.Model):
    """A facility's business day, closed: who, when, and the board as it stood. Append-only."""

    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    business_on = models.DateField()
    board = models.JSONField()
    gl_batch_id = models.CharField(max_length=40)
    closed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    closed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "business_on"], name="reconciliation_day_closed_once"
            ),
        ]
