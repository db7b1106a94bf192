"""Which number an account has: said by one person, put in force by another."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField
from hms_ach.proposed import Proposed
from hms_ach.vault import EncryptedTextField

PROTECT = models.PROTECT


class AccountNumber(Proposed):
    """A number that somebody wants an account to have; the first one opens the account. Decided once.

    Whoever could redirect a hospital's money by writing another number needs a second person for it.
    """

    public_id = PublicIdField(prefix="ban")
    account = models.ForeignKey("reconciliation.BankAccount", on_delete=PROTECT, related_name="numbers")
    number = EncryptedTextField()
    number_index = models.CharField(max_length=32)
    last4 = models.CharField(max_length=4)
    reason = models.CharField(max_length=500)
    verdict_reason = models.CharField(max_length=500, blank=True)

    class Meta(Proposed.Meta):
        constraints = [
            *Proposed.Meta.constraints,
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(verdict__isnull=True),
                name="reconciliation_accountnumber_one_waiting",
            ),
        ]
