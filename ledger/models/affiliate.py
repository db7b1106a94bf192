"""Setting off between legal entities: asked for by one person, posted when another approves it."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField
from hms_ach.proposed import Proposed

PROTECT = models.PROTECT


class AffiliateSettlement(Proposed):
    """One wish to set a transfer between banks off against an item that one entity owes another.

    reference  the item that the debtor owes and the creditor claims
    transfer   the item under which both banks' lines of the transfer were posted
    It is written whole and changes once, when it is decided; what is approved is posted in both books.
    """

    public_id = PublicIdField(prefix="afs")
    debtor = models.ForeignKey("access.Facility", on_delete=PROTECT, related_name="+")
    creditor = models.ForeignKey("access.Facility", on_delete=PROTECT, related_name="+")
    reference = models.CharField(max_length=80)
    transfer = models.CharField(max_length=80)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    effective_on = models.DateField()
    memo = models.CharField(max_length=200)

    class Meta(Proposed.Meta):
        constraints = [
            *Proposed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0) & ~Q(memo="") & ~Q(reference=F("transfer")),
                name="ledger_affiliatesettlement_says_something",
            ),
            models.UniqueConstraint(
                fields=["reference", "transfer", "currency"],
                condition=Q(verdict__isnull=True),
                name="ledger_affiliatesettlement_one_waiting",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
