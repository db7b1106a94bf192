"""What the till expects to see at the bank."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Expectation(models.Model):
    """Money on its way to or from the bank: pulled from the till, or given back from suspense.

    What was pulled stays as it was; when the till no longer awaits an item that was never matched,
    the row is withdrawn. account is empty when the facility has no bank account in the currency.
    fee_minor is the contracted fee the bank may keep: the line shows the amount or amount less fee.

    references  what names this item alone; what many items share stands in the three below
    payer       who pays, as the bank may name it: a payer's id or name, an acquirer's merchant id
    terminal    the card terminal
    batch       the number under which the till or terminal gathered it; such numbers come again
    """

    kind = models.CharField(max_length=20)
    source_id = models.CharField(max_length=40)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(
        "reconciliation.BankAccount", on_delete=models.PROTECT, null=True, related_name="expectations"
    )
    amount_minor = models.BigIntegerField()
    fee_minor = models.PositiveBigIntegerField(default=0)
    currency = models.CharField(max_length=3)
    clearing_role = models.CharField(max_length=40)
    reference = models.CharField(max_length=80)
    references = ArrayField(models.CharField(max_length=140), default=list)
    keys = ArrayField(models.CharField(max_length=140), default=list)
    payer = models.CharField(max_length=80, blank=True)
    terminal = models.CharField(max_length=40, blank=True)
    batch = models.CharField(max_length=40, blank=True)
    expected_on = models.DateField()
    earliest_on = models.DateField()
    latest_on = models.DateField()
    pulled_at = models.DateTimeField()
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "source_id"], name="reconciliation_expectation_once"),
            models.CheckConstraint(
                condition=models.Q(earliest_on__lte=models.F("expected_on"))
                & models.Q(expected_on__lte=models.F("latest_on")),
                name="reconciliation_expectation_window_in_order",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "amount_minor"], name="reconciliation_expected_amount"),
            GinIndex(fields=["keys"], name="reconciliation_expected_keys", fastupdate=False),
        ]
