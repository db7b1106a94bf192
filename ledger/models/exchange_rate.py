"""Rates at which foreign amounts enter the book."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class ExchangeRate(models.Model):
    """How many units of quote one unit of base buys on a day, and who says so. Never changed.

    A better rate for the same day is a new row; the latest recorded one counts from then on.
    minor_rate is the same rate between minor units: yen to cents is 100 times yen to dollars. via names
    the currency over which the source's rates were crossed; empty where the source says the rate itself.
    """

    base = models.CharField(max_length=3)
    quote = models.CharField(max_length=3)
    on = models.DateField()
    rate = models.DecimalField(max_digits=20, decimal_places=10)
    minor_rate = models.DecimalField(max_digits=24, decimal_places=14)
    source = models.CharField(max_length=60)
    via = models.CharField(max_length=3, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(rate__gt=0, minor_rate__gt=0), name="ledger_exchangerate_positive"
            ),
            models.CheckConstraint(condition=~Q(base=F("quote")), name="ledger_exchangerate_two_currencies"),
            models.CheckConstraint(condition=~Q(source=""), name="ledger_exchangerate_has_source"),
        ]
        indexes = [models.Index(fields=["base", "quote", "-on", "-id"], name="ledger_exchangerate_latest")]


class Revaluation(models.Model):
    """Foreign balances of a period's last day at that day's rates. Its entries name it as their source.

    n_postings  how many postings on foreign assets and liabilities up to that day it saw; null of old ones.
                Counted, not timed: no two clocks need to agree on whether anything came since.
    """

    public_id = PublicIdField(prefix="rvl")
    period = models.ForeignKey("ledger.Period", on_delete=models.PROTECT, related_name="revaluations")
    n_balances = models.PositiveIntegerField()
    n_postings = models.BigIntegerField(null=True)
    made_by = models.ForeignKey("access.User", on_delete=models.PROTECT)
    made_at = models.DateTimeField()
