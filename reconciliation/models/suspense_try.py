"""How often an item of suspense was tried again."""

from django.db import models


class SuspenseTry(models.Model):
    """One item of suspense, with how often the nightly run looked for its place, and what it last found.

    found  in words, such as "nothing fits"
    """

    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    count = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField()
    found = models.CharField(max_length=200)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "reference", "currency"], name="reconciliation_suspensetry_once"
            ),
        ]
