"""The lines of bank statements."""

from django.contrib.postgres.fields import ArrayField
from django.db import models


class StatementLine(models.Model):
    """One booked entry of a statement, as the bank wrote it. Append-only.

    Its identity is account, bank reference, date, amount and ordinal among equal rows of one file:
    an overlapping file brings nothing twice, two equal rows inside a file both survive.

    amount_minor  signed from the account's side: a credit is positive
    keys          the references made comparable (rules.references), for the matching passes
    """

    account = models.ForeignKey("reconciliation.BankAccount", on_delete=models.PROTECT, related_name="lines")
    statement = models.ForeignKey("reconciliation.Statement", on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField()
    source_line = models.PositiveIntegerField()
    bank_reference = models.CharField(max_length=70)
    booked_on = models.DateField()
    value_on = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    ordinal = models.PositiveIntegerField()
    references = ArrayField(models.CharField(max_length=140), default=list)
    keys = ArrayField(models.CharField(max_length=140), default=list)
    counterparty = models.CharField(max_length=140, blank=True)
    description = models.TextField(blank=True)
    code = models.CharField(max_length=40, blank=True)
    is_reversal = models.BooleanField(default=False)
    details = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "booked_on", "amount_minor", "bank_reference", "ordinal"],
                name="reconciliation_line_identity",
            ),
        ]
        indexes = [
            models.Index(fields=["statement", "position"], name="reconciliation_line_position"),
            models.Index(fields=["account", "amount_minor"], name="reconciliation_line_amount"),
        ]
