"""Whether a facility has another person confirm what a drawer is opened with."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class OpeningRule(models.Model):
    """What one person asks for; it counts once another person approves. Written once.

    Of a facility's approved rows the newest counts, for drawers opened from then on; without any, nobody
    confirms.
    """

    public_id = PublicIdField(prefix="opr")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="opening_rules")
    is_confirmed = models.BooleanField(help_text="whether another person confirms the opening count")
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("asked_by")),
                name="cashiering_opening_rule_approved_by_another",
            ),
        ]
        indexes = [models.Index(fields=["facility", "-id"], name="cashiering_opening_rule_now")]
