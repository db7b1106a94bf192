"""Statistical accounts: quantities of work beside the book of money, and never in it."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField


class StatisticAccount(models.Model):
    """What a legal entity counts, such as patient days. Append-only: what was counted keeps its meaning.

    decimals  how many decimals its quantities have, 0 to 4
    """

    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=20)
    name = models.CharField(max_length=120)
    unit = models.CharField(max_length=30)
    decimals = models.PositiveSmallIntegerField(default=0)
    defined_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    defined_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "code"], name="ledger_statisticaccount_code_in_entity"
            ),
            models.CheckConstraint(condition=Q(decimals__lte=4), name="ledger_statisticaccount_decimals"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class StatisticEntry(models.Model):
    """A quantity counted at a facility for a day. Append-only; a mistake is taken back by its mirror.

    It has no amount and no currency, so that it cannot be added to money. quantity is not zero: a day
    that nobody reported has no entry and is unknown. A trigger (0021) holds the facility to the account's
    entity, quantities to its decimals, mirrors to what they take back; a hard closed period takes none.
    """

    public_id = PublicIdField(prefix="sen")
    account = models.ForeignKey(StatisticAccount, on_delete=models.PROTECT, related_name="entries")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    on = models.DateField()
    quantity = models.DecimalField(max_digits=18, decimal_places=4)
    key = models.CharField(max_length=120, unique=True)
    source = models.CharField(max_length=60)
    memo = models.CharField(max_length=200, blank=True)
    reverses = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="reversed_by")
    recorded_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(quantity=0), name="ledger_statisticentry_not_zero"),
            models.CheckConstraint(
                condition=~Q(source="") & ~Q(key=""), name="ledger_statisticentry_has_source"
            ),
        ]
        indexes = [models.Index(fields=["account", "on", "facility"], name="ledger_statisticentry_by_day")]

    def __str__(self) -> str:
        return self.public_id
