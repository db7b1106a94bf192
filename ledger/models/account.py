"""Accounts, and the roles by which every other app names them."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from hms_ach.ids import PublicIdField


class Account(models.Model):
    """A line of one legal entity's chart of accounts; its number is what the general ledger receives.

    currency is set for an account that holds one currency only. An account is used from active_from
    until the day before active_until. parent is the account above it in the chart, of the same entity
    and class; a trigger in 0008 refuses circles.
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
    parent = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="children"
    )
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
    role, entity and facility never overlap (exclusion constraint in 0002). A row that moves a role
    that was played before comes from a change that another person approved (trigger in 0008).
    """

    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, null=True, blank=True)
    role = models.CharField(max_length=40)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="roles")
    valid_from = models.DateField()
    valid_until = models.DateField(null=True, blank=True)
    change = models.OneToOneField(
        "ledger.RoleChange", on_delete=models.PROTECT, null=True, related_name="assignment"
    )

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


class RoleChange(models.Model):
    """A wish to move where money is posted, and what another person decided about it.

    account plays role from valid_from on, in the facility or, without one, in the whole entity.
    """

    public_id = PublicIdField(prefix="rch")
    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, null=True)
    role = models.CharField(max_length=40)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    valid_from = models.DateField()
    reason = models.TextField()
    proposed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    is_approved = models.BooleanField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("proposed_by")),
                name="ledger_rolechange_two_people",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True, decided_at__isnull=True, is_approved__isnull=True)
                | Q(decided_by__isnull=False, decided_at__isnull=False, is_approved__isnull=False),
                name="ledger_rolechange_decision_whole",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="ledger_rolechange_has_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.role} to {self.account}"
