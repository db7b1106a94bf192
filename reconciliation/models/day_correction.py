"""What is put right in a day that is final: asked for by one person, approved by another."""

from django.db import models
from django.db.models import F, Q

PROTECT = models.PROTECT


class DayCorrection(models.Model):
    """One wish to take a match of a closed day back, with what became of it.

    The day stays closed and its board as it stood. When another person approves, the match is undone: its
    entry is reversed on its own day, and the bank line waits again on the boards of the days that are open.
    The database takes no undoing of a match in a closed day without it (0026). Once the period of the day is
    closed the day is locked, and none is approved.
    """

    class Verdict(models.TextChoices):
        APPROVED = "APPROVED", "Approved"
        REJECTED = "REJECTED", "Sent back"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    match = models.ForeignKey("reconciliation.Match", on_delete=PROTECT, related_name="corrections")
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, null=True)
    decided_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__isnull=True) | Q(verdict="WITHDRAWN") | ~Q(decided_by=F("proposed_by")),
                name="reconciliation_daycorrection_two_people",
            ),
            models.CheckConstraint(
                condition=Q(verdict__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(verdict__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="reconciliation_daycorrection_decided_by_someone",
            ),
            models.UniqueConstraint(
                fields=["match"],
                condition=Q(verdict__isnull=True) | Q(verdict="APPROVED"),
                name="reconciliation_daycorrection_once",
            ),
        ]
