"""Setting off between legal entities: asked for by one person, posted when another approves it."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField

PROTECT = models.PROTECT


class AffiliateSettlement(models.Model):
    """One wish to set a transfer between banks off against an item that one entity owes another.

    reference  the item that the debtor owes and the creditor claims
    transfer   the item under which both banks' lines of the transfer were posted
    It is written whole and changes once, when it is decided; what is approved is posted in both books.
    """

    class Verdict(models.TextChoices):
        APPROVED = "APPROVED", "Approved"
        REJECTED = "REJECTED", "Sent back"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    public_id = PublicIdField(prefix="afs")
    debtor = models.ForeignKey("access.Facility", on_delete=PROTECT, related_name="+")
    creditor = models.ForeignKey("access.Facility", on_delete=PROTECT, related_name="+")
    reference = models.CharField(max_length=80)
    transfer = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    effective_on = models.DateField()
    memo = models.CharField(max_length=200)
    proposed_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, null=True)
    decided_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) & ~Q(memo="") & ~Q(reference=F("transfer")),
                name="ledger_affiliatesettlement_says_something",
            ),
            models.CheckConstraint(
                condition=Q(verdict__isnull=True) | Q(verdict="WITHDRAWN") | ~Q(decided_by=F("proposed_by")),
                name="ledger_affiliatesettlement_two_people",
            ),
            models.CheckConstraint(
                condition=Q(verdict__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(verdict__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="ledger_affiliatesettlement_decided_by_someone",
            ),
            models.UniqueConstraint(
                fields=["reference", "transfer", "currency"],
                condition=Q(verdict__isnull=True),
                name="ledger_affiliatesettlement_one_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
