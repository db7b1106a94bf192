"""Who is expected at a facility today, and who is at the desk, as the registration system tells it."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField

PROTECT = models.PROTECT


class Arrival(models.Model):
    """One visit. It changes as the visit goes on; nothing is posted by it.

    key          the visit's number in the registration system, once in a facility
    copay_minor  what the patient should pay at the desk, in minor units; None where nobody knows it, and zero
                 where nothing is to be paid
    told_at      when it was last told
    """

    class State(models.TextChoices):
        EXPECTED = "EXPECTED", "Expected"
        ARRIVED = "ARRIVED", "At the desk"
        LEFT = "LEFT", "Left"
        CANCELLED = "CANCELLED", "Cancelled"

    public_id = PublicIdField(prefix="arr")
    facility = models.ForeignKey("access.Facility", on_delete=PROTECT, related_name="+")
    key = models.CharField(max_length=60)
    patient = models.ForeignKey("billing.Patient", on_delete=PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State)
    expected_at = models.DateTimeField()
    arrived_at = models.DateTimeField(null=True)
    copay_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    told_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    told_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "key"], name="billing_arrival_key"),
            models.CheckConstraint(
                condition=Q(copay_minor=None) | Q(copay_minor__gte=0),
                name="billing_arrival_copay_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(state="ARRIVED") | Q(arrived_at__isnull=False),
                name="billing_arrival_has_its_moment",
            ),
        ]
        indexes = [
            models.Index(
                fields=["facility", "expected_at"],
                condition=Q(state__in=["EXPECTED", "ARRIVED"]),
                name="billing_arrival_waiting",
            ),
        ]
