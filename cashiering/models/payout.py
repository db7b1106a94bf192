"""What a card processor reports that it pays: payouts, and the rows that they are made of."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField

PROTECT = models.PROTECT


class Payout(models.Model):
    """One sum that a processor pays for a merchant, as its report says; the bank's line shows it.

    What agrees with our batches and chargebacks is posted and awaited as one item in their place. What does
    not waits for people: nothing of it moves, and the batches are awaited by themselves as before.

    net = gross - fee - chargebacks, and each is the sum of the rows
    """

    class State(models.TextChoices):
        DIFFERS = "DIFFERS", "To check"
        AWAITED = "AWAITED", "Awaited at the bank"
        PAID = "PAID", "Paid"
        KNOWN = "KNOWN", "Paid before its report"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    public_id = PublicIdField(prefix="pyt")
    facility = models.ForeignKey("access.Facility", on_delete=PROTECT, related_name="+")
    merchant_id = models.CharField(max_length=20)
    reference = models.CharField(max_length=60)
    paid_on = models.DateField()
    currency = models.CharField(max_length=3)
    gross_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    chargebacks_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.DIFFERS)
    file = models.ForeignKey("files.StoredFile", on_delete=PROTECT, related_name="+")
    recorded_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    accepted_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accept_reason = models.CharField(max_length=200, blank=True)
    withdrawn_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(max_length=200, blank=True)
    bank_confirmed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "merchant_id", "reference"],
                condition=~Q(state="WITHDRAWN"),
                name="cashiering_payout_once",
            ),
            models.CheckConstraint(
                condition=Q(net_minor=F("gross_minor") - F("fee_minor") - F("chargebacks_minor")),
                name="cashiering_payout_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(accepted_by=None, accepted_at=None, accept_reason="")
                | Q(accepted_by__isnull=False, accepted_at__isnull=False)
                & ~Q(accept_reason="")
                & ~Q(accepted_by=F("recorded_by")),
                name="cashiering_payout_accepted_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state="WITHDRAWN", withdrawn_by__isnull=False, withdrawn_at__isnull=False)
                & ~Q(withdraw_reason="")
                | ~Q(state="WITHDRAWN") & Q(withdrawn_by=None, withdrawn_at=None, withdraw_reason=""),
                name="cashiering_payout_withdrawn_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(state="PAID", bank_confirmed_on__isnull=False)
                | ~Q(state="PAID") & Q(bank_confirmed_on=None),
                name="cashiering_payout_paid_by_the_bank",
            ),
        ]
        indexes = [
            models.Index(
                fields=["facility"],
                condition=Q(state__in=["DIFFERS", "AWAITED"]),
                name="cashiering_payout_open",
            )
        ]

    def __str__(self) -> str:
        return self.reference


class PayoutRow(models.Model):
    """One row of a report, and what we have beside it.

    line        of the file
    card_batch  ours that it is about; taken: public ids of the chargebacks that it is about
    fee_over_minor  the fee beyond what the contract gives; below zero: less. Another person accepts it
    problem     what keeps the row from agreeing, in words for people; "" when nothing does
    """

    class Kind(models.TextChoices):
        BATCH = "BATCH", "Batch"
        CHARGEBACK = "CHARGEBACK", "Chargeback"
        WON = "WON", "Chargeback won"
        FEE = "FEE", "Fee"

    payout = models.ForeignKey(Payout, on_delete=PROTECT, related_name="rows")
    line = models.PositiveIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    terminal_id = models.CharField(max_length=20, blank=True)
    batch = models.CharField(max_length=20, blank=True)
    cases = ArrayField(models.CharField(max_length=200), default=list)
    sales = models.PositiveIntegerField(null=True)
    gross_minor = models.BigIntegerField()
    fee_minor = models.BigIntegerField()
    chargebacks_minor = models.BigIntegerField()
    net_minor = models.BigIntegerField()
    card_batch = models.ForeignKey("cashiering.CardBatch", on_delete=PROTECT, null=True, related_name="+")
    taken = ArrayField(models.CharField(max_length=40), default=list)
    fee_over_minor = models.BigIntegerField(default=0)
    problem = models.CharField(max_length=300, blank=True)
    # Not kept: whether the bank has shown all of it, as commands.payout_check found it just now.
    is_shown: bool = False

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payout", "line"], name="cashiering_payout_row_line"),
            models.CheckConstraint(
                condition=Q(net_minor=F("gross_minor") - F("fee_minor") - F("chargebacks_minor")),
                name="cashiering_payout_row_adds_up",
            ),
        ]
