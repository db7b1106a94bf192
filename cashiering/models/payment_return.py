"""Transfers and card sales that the bank or the processor took back."""

from django.db import models
from django.db.models import F, Q

from cashiering.rules.payment_return import REASON_WORDS
from hms_ach.ids import PublicIdField

PROTECT = models.PROTECT


class PaymentReturn(models.Model):
    """A transfer taken back by the bank, or a chargeback: reported by one person, confirmed by another.

    Nothing moves before it is confirmed. A cheque that comes back is a ChequeReturn.

    amount_minor    what was taken back; of a card sale perhaps only a part
    bank_reference  as the bank's line quotes it: the processor's case, the return's trace
    returned_on     the bank's or the processor's day
    payout          the processor's report that took it out of what it pays
    won_on          the day on which all of a chargeback was given back: it may be charged back once more
    """

    class State(models.TextChoices):
        REPORTED = "REPORTED", "To confirm"
        CONFIRMED = "CONFIRMED", "Returned"
        REJECTED = "REJECTED", "Not so"

    public_id = PublicIdField(prefix="prt")
    tender = models.ForeignKey("cashiering.Tender", on_delete=PROTECT, related_name="takebacks")
    payment = models.ForeignKey("cashiering.Payment", on_delete=PROTECT, related_name="payment_returns")
    facility = models.ForeignKey("access.Facility", on_delete=PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=10, choices=list(REASON_WORDS.items()))
    note = models.CharField(max_length=200, blank=True)
    bank_reference = models.CharField(max_length=60, blank=True)
    returned_on = models.DateField()
    state = models.CharField(max_length=10, choices=State, default=State.REPORTED)
    reported_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    reported_at = models.DateTimeField()
    decided_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    business_on = models.DateField(null=True)
    bank_confirmed_on = models.DateField(null=True)
    payout = models.ForeignKey("cashiering.Payout", on_delete=PROTECT, null=True, related_name="returns")
    won_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tender"],
                condition=~Q(state="REJECTED") & Q(won_on=None),
                name="cashiering_payment_return_once",
            ),
            models.CheckConstraint(
                condition=Q(state="REPORTED", decided_by__isnull=True)
                | Q(state__in=["CONFIRMED", "REJECTED"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("reported_by")),
                name="cashiering_payment_return_decided_by_another",
            ),
            models.CheckConstraint(
                condition=~Q(state="CONFIRMED") | Q(business_on__isnull=False),
                name="cashiering_payment_return_dated",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="cashiering_payment_return_positive"
            ),
            models.CheckConstraint(
                condition=~Q(reason="OTHER") | ~Q(note=""), name="cashiering_payment_return_other_is_noted"
            ),
        ]
