"""How what a clearing posted is taken back: proposed by one person, approved by another."""

from django.db import models
from django.db.models import Q

from hms_ach.proposed import Proposed

PROTECT = models.PROTECT


class ClearingUndo(Proposed):
    """One wish to take an approved clearing back, with what became of it.

    When another person approves, the clearing's entry is reversed and its item lies in suspense again.
    """

    clearing = models.ForeignKey(
        "reconciliation.SuspenseClearing", on_delete=PROTECT, related_name="undoings"
    )
    reason = models.CharField(max_length=500)

    class Meta(Proposed.Meta):
        constraints = [
            *Proposed.Meta.constraints,
            models.UniqueConstraint(
                fields=["clearing"],
                condition=Q(verdict__isnull=True) | Q(verdict="APPROVED"),
                name="reconciliation_clearingundo_once",
            ),
        ]
