"""What is put right in a day that is final: asked for by one person, approved by another."""

from django.db import models
from django.db.models import Q

from hms_ach.proposed import Proposed

PROTECT = models.PROTECT


class DayCorrection(Proposed):
    """One wish to take a match of a closed day back, with what became of it.

    The day stays closed and its board as it stood. When another person approves, the match is undone: its
    entry is reversed on its own day, and the bank line waits again on the boards of the days that are open.
    The database takes no undoing of a match in a closed day without it (0026). Once the period of the day is
    closed the day is locked, and none is approved.
    """

    match = models.ForeignKey("reconciliation.Match", on_delete=PROTECT, related_name="corrections")
    reason = models.CharField(max_length=500)

    class Meta(Proposed.Meta):
        constraints = [
            *Proposed.Meta.constraints,
            models.UniqueConstraint(
                fields=["match"],
                condition=Q(verdict__isnull=True) | Q(verdict="APPROVED"),
                name="reconciliation_daycorrection_once",
            ),
        ]
