"""What reviewers set aside: discrepancies until a day, and suggestions that are none."""

from django.db import models
from django.db.models import Q

PROTECT = models.PROTECT


class DiscrepancyHold(models.Model):
    """A discrepancy leaves the queue until a day, and comes back by itself; its hours run on.

    until_on     the first day on which it is in the queue again, in the facility's zone
    released_at  when somebody brought it back before, or put it aside anew
    """

    discrepancy = models.ForeignKey("reconciliation.Discrepancy", on_delete=PROTECT, related_name="holds")
    until_on = models.DateField()
    reason = models.CharField(max_length=500)
    held_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    held_at = models.DateTimeField()
    released_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="reconciliation_discrepancyhold_says_why"),
            models.CheckConstraint(
                condition=Q(released_by=None, released_at=None)
                | Q(released_by__isnull=False, released_at__isnull=False),
                name="reconciliation_discrepancyhold_released_by_someone",
            ),
            models.UniqueConstraint(
                fields=["discrepancy"],
                condition=Q(released_at=None),
                name="reconciliation_discrepancyhold_once",
            ),
        ]


class SuggestionRejection(models.Model):
    """A person says that a line and an item do not belong together: no pass suggests or matches them again.

    restored_at  when somebody took that back
    """

    line = models.ForeignKey("reconciliation.StatementLine", on_delete=PROTECT, related_name="rejections")
    expectation = models.ForeignKey(
        "reconciliation.Expectation", on_delete=PROTECT, related_name="rejections"
    )
    reason = models.CharField(max_length=500)
    rejected_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    rejected_at = models.DateTimeField()
    restored_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    restored_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""), name="reconciliation_suggestionrejection_says_why"
            ),
            models.CheckConstraint(
                condition=Q(restored_by=None, restored_at=None)
                | Q(restored_by__isnull=False, restored_at__isnull=False),
                name="reconciliation_suggestionrejection_restored_by_someone",
            ),
            models.UniqueConstraint(
                fields=["line", "expectation"],
                condition=Q(restored_at=None),
                name="reconciliation_suggestionrejection_once",
            ),
        ]
