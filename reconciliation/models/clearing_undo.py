"""How what a clearing posted is taken back: proposed by one person, approved by another."""

from django.db import models
from django.db.models import F, Q

PROTECT = models.PROTECT


class ClearingUndo(models.Model):
    """One wish to take an approved clearing back, with what became of it.

    When another person approves, the clearing's entry is reversed and its item lies in suspense again.
    """

    class Verdict(models.TextChoices):
        APPROVED = "APPROVED", "Approved"
        REJECTED = "REJECTED", "Sent back"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    clearing = models.ForeignKey(
        "reconciliation.SuspenseClearing", on_delete=PROTECT, related_name="undoings"
    )
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
                name="reconciliation_clearingundo_two_people",
            ),
            models.CheckConstraint(
                condition=Q(verdict__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(verdict__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="reconciliation_clearingundo_decided_by_someone",
            ),
            models.UniqueConstraint(
                fields=["clearing"],
                condition=Q(verdict__isnull=True) | Q(verdict="APPROVED"),
                name="reconciliation_clearingundo_once",
            ),
        ]
