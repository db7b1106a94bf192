"""What one person proposes and another decides, once: the columns and rules that all such rows share."""

from typing import TYPE_CHECKING

from django.db import models
from django.db.models import F, Q

from hms_ach import clock

if TYPE_CHECKING:
    from hms_ach.access.models import User

PROTECT = models.PROTECT


class Proposed(models.Model):
    """One person's wish with what became of it. Whoever proposed may withdraw, and never approves.

    A model that is one inherits Meta too and adds its own constraints to these.
    """

    class Verdict(models.TextChoices):
        APPROVED = "APPROVED", "Approved"
        REJECTED = "REJECTED", "Sent back"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    proposed_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, null=True)
    decided_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict__isnull=True) | Q(verdict="WITHDRAWN") | ~Q(decided_by=F("proposed_by")),
                name="%(app_label)s_%(class)s_two_people",
            ),
            models.CheckConstraint(
                condition=Q(verdict__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(verdict__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="%(app_label)s_%(class)s_decided_by_someone",
            ),
        ]


def decide(row: models.Model, verdict: str, actor: "User", **also) -> None:
    """Write the verdict of a locked row with who gave it and when; also: further columns by name.

    row  a Proposed, or another with columns verdict, decided_by and decided_at
    """
    said = {"verdict": verdict, "decided_by": actor, "decided_at": clock.now(), **also}
    for column, value in said.items():
        setattr(row, column, value)
    row.save(update_fields=list(said))


def decline(row: Proposed, actor: "User", **also) -> None:
    """Whoever proposed withdraws, anybody else sends it back."""
    is_own = row.proposed_by_id == actor.pk
    decide(row, "WITHDRAWN" if is_own else "REJECTED", actor, **also)
