"""Cash and cheques on their way to the bank."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class Deposit(models.Model):
    """A sealed bag with its slip: prepared by one person, verified by another, handed to a courier."""

    class State(models.TextChoices):
        PREPARED = "PREPARED", "Prepared"
        VERIFIED = "VERIFIED", "Verified"
        IN_TRANSIT = "IN_TRANSIT", "In transit"
        CONFIRMED = "CONFIRMED", "Confirmed by bank"
        CANCELLED = "CANCELLED", "Opened again"

    LIVE = ("PREPARED", "VERIFIED", "IN_TRANSIT", "CONFIRMED")

    public_id = PublicIdField(prefix="dep")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    business_on = models.DateField()
    bag_number = models.CharField(max_length=40)
    slip_number = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    cash_minor = models.BigIntegerField()
    cheques_minor = models.BigIntegerField()
    state = models.CharField(max_length=12, choices=State, default=State.PREPARED)
    prepared_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    verified_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    courier = models.CharField(max_length=80, blank=True)
    handed_over_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    handed_over_at = models.DateTimeField(null=True)
    expected_on = models.DateField(null=True)
    confirmed_on = models.DateField(null=True)
    cancelled_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    cancelled_at = models.DateTimeField(null=True)
    cancel_reason = models.CharField(max_length=200, blank=True)

    @property
    def total_minor(self) -> int:
        """What the slip says: cash and cheques together."""
        return self.cash_minor + self.cheques_minor

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "bag_number"], name="cashiering_deposit_bag"),
            models.UniqueConstraint(fields=["facility", "slip_number"], name="cashiering_deposit_slip"),
            models.CheckConstraint(
                condition=Q(cash_minor__gte=0, cheques_minor__gte=0)
                & (Q(cash_minor__gt=0) | Q(cheques_minor__gt=0)),
                name="cashiering_deposit_not_empty",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("prepared_by")),
                name="cashiering_deposit_verifier_not_preparer",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["PREPARED", "CANCELLED"])
                | Q(verified_by__isnull=False, verified_at__isnull=False),
                name="cashiering_deposit_verified_before_it_leaves",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["IN_TRANSIT", "CONFIRMED"])
                | (Q(handed_over_by__isnull=False, expected_on__isnull=False) & ~Q(courier="")),
                name="cashiering_deposit_handed_to_a_courier",
            ),
            models.CheckConstraint(
                condition=Q(cancelled_by__isnull=True) & ~Q(state="CANCELLED")
                | Q(state="CANCELLED", cancelled_by__isnull=False, cancelled_at__isnull=False)
                & ~Q(cancel_reason="")
                & ~Q(cancelled_by=F("prepared_by")),
                name="cashiering_deposit_cancelled_by_another",
            ),
        ]
        indexes = [models.Index(fields=["facility", "business_on"], name="cashiering_deposit_by_day")]

    def __str__(self) -> str:
        return self.bag_number


class DepositPart(models.Model):
    """The cash one approved session gives to a deposit. Written once.

    Below zero where the session gave back more than it took and had the rest from the safe: the bag makes up
    for it. A session gives its cash once: a trigger refuses a second bag, unless the first was opened again.
    Another refuses a bag whose parts are not its cash.
    """

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="parts")
    session = models.ForeignKey("cashiering.Session", on_delete=models.PROTECT, related_name="deposit_parts")
    cash_minor = models.BigIntegerField(help_text="below zero: what it owes the safe")
