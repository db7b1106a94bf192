"""Another close checklist, as somebody asks for it, and what somebody else decides."""

from django.db import models
from django.db.models import Q


class ChecklistProposal(models.Model):
    """The steps that an entity's closes are to start with from now on. Append-only.

    steps  each as the values of StepAsked by name, in their order

    The newest proposal of an entity is the one that is decided.
    """

    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    steps = models.JSONField()
    proposed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()


class ChecklistDecision(models.Model):
    """That the steps count from now on, or that they don't and why. Append-only.

    Approved by another person than who proposed (trigger in 0022); who proposed may take it back.
    """

    proposal = models.OneToOneField(ChecklistProposal, on_delete=models.PROTECT, related_name="decision")
    is_approved = models.BooleanField()
    reason = models.CharField(max_length=300, blank=True)
    decided_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_approved=True) | ~Q(reason=""), name="ledger_checklistdecision_has_reason"
            )
        ]
