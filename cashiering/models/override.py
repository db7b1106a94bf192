"""What a cashier did beyond the own right, agreed to by another person at the same screen."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class Override(models.Model):
    """One agreement in place: both people, why, and how it stood before and after. Written once.

    way  how the other person was known: PIN or BADGE
    """

    class Action(models.TextChoices):
        VOID = "VOID", "Void above the limit"
        CORRECTION = "CORRECTION", "Tender correction above the limit"
        REFUND = "REFUND", "Refund approved in place"
        CHEQUE = "CHEQUE", "Cheque in spite of a block"
        LIMIT = "LIMIT", "Cash above the drawer's limit"

    public_id = PublicIdField(prefix="ovr")
    session = models.ForeignKey("cashiering.Session", on_delete=models.PROTECT, related_name="overrides")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey("cashiering.Payment", on_delete=models.PROTECT, related_name="overrides")
    action = models.CharField(max_length=10, choices=Action)
    reason = models.CharField(max_length=200)
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    agreed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    way = models.CharField(max_length=5, choices=[("PIN", "PIN"), ("BADGE", "Badge")])
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    agreed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(agreed_by=F("asked_by")), name="cashiering_override_by_another"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="cashiering_override_has_reason"),
        ]
        indexes = [models.Index(fields=["facility", "-id"], name="cashiering_override_recent")]
