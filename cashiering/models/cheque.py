"""Cheques that came back unpaid, and people who pay by cheque no more."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class ChequeReturn(models.Model):
    """A cheque that the bank did not pay: reported by one person, confirmed by another.

    Nothing moves before it is confirmed. fee_minor is what the facility's policy asked for on that day.
    """

    class Reason(models.TextChoices):
        NO_FUNDS = "NO_FUNDS", "Not enough money"
        CLOSED = "CLOSED", "Account closed"
        STOPPED = "STOPPED", "Payment stopped"
        SIGNATURE = "SIGNATURE", "Signature missing or wrong"
        ALTERED = "ALTERED", "Altered or false"
        OTHER = "OTHER", "Other, as noted"

    class State(models.TextChoices):
        REPORTED = "REPORTED", "To confirm"
        CONFIRMED = "CONFIRMED", "Returned"
        REJECTED = "REJECTED", "Not so"

    public_id = PublicIdField(prefix="chr")
    tender = models.ForeignKey("cashiering.Tender", on_delete=models.PROTECT, related_name="returns")
    payment = models.ForeignKey("cashiering.Payment", on_delete=models.PROTECT, related_name="cheque_returns")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=10, choices=Reason)
    note = models.CharField(max_length=200, blank=True)
    bank_reference = models.CharField(max_length=60, blank=True, help_text="as the bank's line quotes it")
    returned_on = models.DateField(help_text="the bank's day")
    state = models.CharField(max_length=10, choices=State, default=State.REPORTED)
    reported_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    decided_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    business_on = models.DateField(null=True)
    fee_minor = models.BigIntegerField(default=0)
    fee_invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, null=True, related_name="+")
    bank_confirmed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tender"],
                condition=~Q(state="REJECTED"),
                name="cashiering_cheque_return_once",
            ),
            models.CheckConstraint(
                condition=Q(state="REPORTED", decided_by__isnull=True)
                | Q(state__in=["CONFIRMED", "REJECTED"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("reported_by")),
                name="cashiering_cheque_return_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="CONFIRMED") | Q(business_on__isnull=False),
                name="cashiering_cheque_return_dated",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, fee_minor__gte=0), name="cashiering_cheque_return_positive"
            ),
            models.CheckConstraint(
                condition=~Q(reason="OTHER") | ~Q(note=""), name="cashiering_cheque_return_other_is_noted"
            ),
        ]


class ChequeBlock(models.Model):
    """A patient of whom no cheque is taken any more, until a person with permission lifts it."""

    public_id = PublicIdField(prefix="chb")
    patient = models.ForeignKey("billing.Patient", on_delete=models.PROTECT, related_name="+")
    cheque_return = models.OneToOneField(ChequeReturn, on_delete=models.PROTECT, related_name="block")
    placed_at = models.DateTimeField()
    lifted_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted_by__isnull=True, lifted_at__isnull=True, lift_reason="")
                | Q(lifted_by__isnull=False, lifted_at__isnull=False) & ~Q(lift_reason=""),
                name="cashiering_cheque_block_lifted_with_reason",
            )
        ]
        indexes = [
            models.Index(
                fields=["patient"], condition=Q(lifted_at__isnull=True), name="cashiering_cheques_blocked"
            )
        ]
