"""Which foreign currencies a facility takes in cash, and under which rules."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class CashCurrency(models.Model):
    """A currency's rule as one person asks for it; it counts once another person approves. Written once.

    Of the approved rows of a currency the newest counts; one with is_taken false ends it.

    rate_days       how many days old the rate may be; 0 takes only a rate of the day itself
    smallest_minor  the smallest piece that is taken, such as 500 for notes of 5.00 and more
    gives_back      what a refund of such cash is paid in
    """

    class GivesBack(models.TextChoices):
        LOCAL = "LOCAL", "In our own currency"
        SAME = "SAME", "In its notes, the rest in our own currency"

    public_id = PublicIdField(prefix="ccy")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    is_taken = models.BooleanField(default=True)
    rate_days = models.PositiveSmallIntegerField(default=0)
    smallest_minor = models.BigIntegerField()
    gives_back = models.CharField(max_length=5, choices=GivesBack, default=GivesBack.LOCAL)
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(smallest_minor__gte=1, rate_days__lte=7),
                name="cashiering_cash_currency_plausible",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(approved_by=F("asked_by")),
                name="cashiering_cash_currency_approved_by_another",
            ),
        ]
        indexes = [models.Index(fields=["facility", "currency", "-id"], name="cashiering_cash_currency_now")]

    def __str__(self) -> str:
        return self.currency
