"""What is sold and what it costs, from which day."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from billing.models.payer import PayerClass
from hms_ach.ids import PublicIdField


class Service(models.Model):
    """Something the hospital charges for.

    department_code  the department that earns it; found in the charging facility by this code
    """

    code = models.CharField(max_length=20, unique=True)
    name = models.CharField(max_length=160)
    revenue_code = models.CharField(max_length=4, blank=True)
    department_code = models.CharField(max_length=10, blank=True)
    is_active = models.BooleanField(default=True)
    history = HistoricalRecords()

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class PriceList(models.Model):
    """Prices in one currency, for one facility or all, for one payer class or all."""

    public_id = PublicIdField(prefix="prl")
    name = models.CharField(max_length=120, unique=True)
    facility = models.ForeignKey(
        "access.Facility", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    payer_class = models.CharField(max_length=12, choices=PayerClass, blank=True)
    currency = models.CharField(max_length=3)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "payer_class", "currency"],
                name="billing_pricelist_one_per_scope",
                nulls_distinct=False,
            )
        ]

    def __str__(self) -> str:
        return self.name


class Price(models.Model):
    """A service's price in a list, from one day to another (both included; no end: until further notice).

    billing_price_no_overlap (SQL) keeps two prices of a service in a list from sharing a day, and
    billing_price_fixed lets nothing but the last day of a price change.
    """

    list = models.ForeignKey(PriceList, on_delete=models.PROTECT, related_name="prices")
    service = models.ForeignKey(Service, on_delete=models.PROTECT, related_name="prices")
    amount_minor = models.BigIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    set_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    set_at = models.DateTimeField()
    history = HistoricalRecords()

    class Meta:
        indexes = [models.Index(fields=["service", "list", "starts_on"], name="billing_price_lookup")]
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="billing_price_above_zero"),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="billing_price_ends_after_start",
            ),
        ]
