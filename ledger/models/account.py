"""Accounts, and the roles by which every other app names them."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords


class Account(models.Model):
    """A line of one legal entity's chart of accounts; its number is what the general ledger receives.

    currency is set for an account that holds one currency only. An account is used from active_from
    until the day before active_until.
    """

    class NaturalClass(models.TextChoices):
        ASSET = "ASSET", "Asset"
        LIABILITY = "LIABILITY", "Liability"
        NET_ASSETS = "NET_ASSETS", "Net assets"
        REVENUE = "REVENUE", "Revenue"
        EXPENSE = "EXPENSE", "Expense"

    class Side(models.TextChoices):
        DEBIT = "DEBIT", "Debit"
        CREDIT = "CREDIT", "Credit"

    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    number = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    natural_class = models.CharField(max_length=10, choices=NaturalClass)
    normal_side = models.CharField(max_length=6, choices=Side)
    currency = models.CharField(max_length=3, null=True, blank=True)
    active_from = models.DateField()
    active_until = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "number"], name="ledger_account_number_in_entity"
            ),
            models.CheckConstraint(
                condition=Q(active_until__isnull=True) | Q(active_until__gt=F("active_from")),
                name="ledger_account_active_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class AccountRole(models.Model):
    """Which account plays a role, from valid_from until the day before valid_until.

    A row that names a facility goes before the row of the whole legal entity. Two rows for the same
    role, entity and facility never overlap (exclusion constraint in 0002).
    """

    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=40)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="roles")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gt=F("valid_from")),
                name="ledger_accountrole_valid_in_order",
            ),
        ]
        indexes = [models.Index(fields=["legal_entity", "role"], name="ledger_accountrole_by_role")]

    def __str__(self) -> str:
        return self.role
