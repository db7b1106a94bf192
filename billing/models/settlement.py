"""How invoices were settled, and taken back."""

from django.db import models
from django.db.models import Q


class Settlement(models.Model):
    """An amount of some source laid against an invoice; negative when it is taken back. Append-only.

    source      public id of what settles it, such as a payment's
    settled_on  business day at the invoice's facility
    """

    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="settlements")
    source = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()
    settled_on = models.DateField()
    reason = models.CharField(max_length=300, blank=True)
    recorded_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["source"], name="billing_settlement_by_source")]
        constraints = [
            models.CheckConstraint(condition=~Q(amount_minor=0), name="billing_settlement_not_zero"),
            models.CheckConstraint(condition=~Q(source=""), name="billing_settlement_has_source"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) | ~Q(reason=""),
                name="billing_settlement_taken_back_with_reason",
            ),
        ]
