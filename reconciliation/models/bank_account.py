"""The hospital's accounts at banks."""

from django.db import models

from hms_ach.ids import PublicIdField
from hms_ach.vault import EncryptedTextField


class BankAccount(models.Model):
    """One account at one bank, into which one facility's money of one currency goes.

    The number is stored encrypted; `number_index` finds it again and `last4` is what people see. Both
    change only by an AccountNumber that two people agreed on, which also puts a new account in force.
    """

    public_id = PublicIdField(prefix="bac")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=120)
    bank_name = models.CharField(max_length=120, blank=True)
    number = EncryptedTextField()
    number_index = models.CharField(max_length=32, unique=True)
    last4 = models.CharField(max_length=4)
    currency = models.CharField(max_length=3)
    country = models.CharField(max_length=2, default="US")
    ledger_role = models.CharField(max_length=40, default="bank.operating")
    is_in_force = models.BooleanField(default=False)
    opened_on = models.DateField()
    closed_on = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "currency"],
                condition=models.Q(closed_on__isnull=True),
                name="reconciliation_bank_account_one_per_currency",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} ••{self.last4}"
