"""Money that a patient left here and that is not laid against an invoice yet."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class Credit(models.Model):
    """What one payment left on account for one patient.

    used_minor moves only in the transaction that writes the tender, refund or void that takes from it,
    by an F() expression; the CHECK below is what stops two tills racing for the same money.
    """

    public_id = PublicIdField(prefix="crd")
    payment = models.OneToOneField("cashiering.Payment", on_delete=models.PROTECT, related_name="credit")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("billing.Patient", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    used_minor = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="cashiering_credit_positive"),
            models.CheckConstraint(
                condition=Q(used_minor__gte=0, used_minor__lte=F("amount_minor")),
                name="cashiering_credit_used_within_amount",
            ),
        ]
        indexes = [
            models.Index(
                fields=["patient", "facility"],
                condition=Q(used_minor__lt=F("amount_minor")),
                name="cashiering_credit_left",
            )
        ]
