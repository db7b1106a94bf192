"""Chargebacks that were won: the processor pays again what it had taken back."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField

PROTECT = models.PROTECT


class ChargebackWin(models.Model):
    """A chargeback that the processor gives back: reported by one person, confirmed by another.

    Nothing moves before it is confirmed. From then on the bank's credit is awaited, by itself or in a payout.

    bank_reference  as the bank's line quotes it; the case of the chargeback where it says nothing else
    suspense_minor  what found its invoices paid otherwise meanwhile, and waits in suspense under this name
    """

    class State(models.TextChoices):
        REPORTED = "REPORTED", "To confirm"
        CONFIRMED = "CONFIRMED", "Won"
        REJECTED = "REJECTED", "Not so"

    public_id = PublicIdField(prefix="cbw")
    chargeback = models.ForeignKey("cashiering.PaymentReturn", on_delete=PROTECT, related_name="wins")
    payment = models.ForeignKey("cashiering.Payment", on_delete=PROTECT, related_name="chargeback_wins")
    facility = models.ForeignKey("access.Facility", on_delete=PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    note = models.CharField(max_length=200, blank=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    won_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.REPORTED)
    reported_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    decided_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    business_on = models.DateField(null=True)
    suspense_minor = models.BigIntegerField(default=0)
    payout = models.ForeignKey("cashiering.Payout", on_delete=PROTECT, null=True, related_name="wins")
    bank_confirmed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["chargeback"], condition=~Q(state="REJECTED"), name="cashiering_chargeback_win_once"
            ),
            models.CheckConstraint(
                condition=Q(state="REPORTED", decided_by__isnull=True)
                | Q(state__in=["CONFIRMED", "REJECTED"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("reported_by")),
                name="cashiering_chargeback_win_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="CONFIRMED") | Q(business_on__isnull=False),
                name="cashiering_chargeback_win_dated",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, suspense_minor__gte=0, suspense_minor__lte=F("amount_minor")),
                name="cashiering_chargeback_win_positive",
            ),
        ]
