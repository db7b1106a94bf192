"""Which number an account has: said by one person, put in force by another."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField
from hms_ach.vault import EncryptedTextField

PROTECT = models.PROTECT


class AccountNumber(models.Model):
    """A number that somebody wants an account to have; the first one opens the account. Decided once.

    Whoever could redirect a hospital's money by writing another number needs a second person for it.
    """

    class Verdict(models.TextChoices):
        APPROVED = "APPROVED", "Approved"
        REJECTED = "REJECTED", "Sent back"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    public_id = PublicIdField(prefix="ban")
    account = models.ForeignKey("reconciliation.BankAccount", on_delete=PROTECT, related_name="numbers")
    number = EncryptedTextField()
    number_index = models.CharField(max_length=32)
    last4 = models.CharField(max_length=4)
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, null=True)
    verdict_reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(verdict__isnull=True),
                name="reconciliation_accountnumber_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(verdict__isnull=True) | Q(verdict="WITHDRAWN") | ~Q(decided_by=F("proposed_by")),
                name="reconciliation_accountnumber_two_people",
            ),
            models.CheckConstraint(
                condition=Q(verdict__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(verdict__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="reconciliation_accountnumber_decided_by_someone",
            ),
        ]
