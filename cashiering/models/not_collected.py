"""Money that was due at the desk and was not collected, with the reason."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField


class NotCollected(models.Model):
    """One invoice that a patient left without paying, as the cashier explains it. Written once.

    amount_minor  what was due at that moment
    """

    class Reason(models.TextChoices):
        NO_MEANS = "NO_MEANS", "Could not pay today"
        DISPUTED = "DISPUTED", "Disputes the amount"
        REFUSED = "REFUSED", "Refused to pay"
        UNWELL = "UNWELL", "Too unwell to be asked"
        LEFT = "LEFT", "Left before paying"
        COVERED = "COVERED", "Says that the insurer pays"
        OUT_OF_ORDER = "OUT_OF_ORDER", "Register or terminal out of order"
        OTHER = "OTHER", "Other, as noted"

    public_id = PublicIdField(prefix="nco")
    session = models.ForeignKey("cashiering.Session", on_delete=models.PROTECT, related_name="not_collected")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("billing.Patient", on_delete=models.PROTECT, related_name="+")
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=20, choices=Reason)
    note = models.CharField(max_length=200, blank=True)
    business_on = models.DateField()
    recorded_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "invoice"], name="cashiering_not_collected_once_a_session"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="cashiering_not_collected_positive"),
            models.CheckConstraint(
                condition=~Q(reason="OTHER") | ~Q(note=""), name="cashiering_not_collected_other_is_noted"
            ),
        ]
        indexes = [models.Index(fields=["facility", "business_on"], name="cashiering_not_collected_day")]
