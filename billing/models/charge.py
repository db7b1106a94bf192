"""What was done for a patient and what it costs."""

from django.db import models
from django.db.models import F, Q

from billing.models.payer import PayerClass
from hms_ach.ids import PublicIdField


class Charge(models.Model):
    """A service given on a day, at the price of that day, which never changes afterwards.

    invoiced_minor is the part that stands on invoices not cancelled; it moves with their lines by an
    F() expression, and a charge is BILLED exactly while it is all of the amount. Whether a billed
    charge is paid is read from its invoices. Allowed steps are enforced by billing_charge_steps (SQL).
    """

    class State(models.TextChoices):
        PLANNED = "PLANNED", "Planned"
        BILLABLE = "BILLABLE", "Billable"
        BILLED = "BILLED", "Billed"
        NOT_BILLABLE = "NOT_BILLABLE", "Not billable"
        ABORTED = "ABORTED", "Aborted"
        ENTERED_IN_ERROR = "ENTERED_IN_ERROR", "Entered in error"

    public_id = PublicIdField(prefix="chg")
    patient = models.ForeignKey("billing.Patient", on_delete=models.PROTECT, related_name="charges")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    department = models.ForeignKey("access.Department", null=True, on_delete=models.PROTECT, related_name="+")
    service = models.ForeignKey("billing.Service", on_delete=models.PROTECT, related_name="+")
    service_on = models.DateField()
    quantity = models.PositiveIntegerField()
    unit_price_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    amount_minor = models.GeneratedField(
        expression=F("quantity") * F("unit_price_minor"),
        output_field=models.BigIntegerField(),
        db_persist=True,
    )
    invoiced_minor = models.BigIntegerField(default=0)
    payer_class = models.CharField(max_length=12, choices=PayerClass, default=PayerClass.SELF_PAY)
    price = models.ForeignKey("billing.Price", null=True, on_delete=models.PROTECT, related_name="+")
    price_trace = models.JSONField(default=list)
    order_reference = models.CharField(max_length=60, blank=True)
    state = models.CharField(max_length=16, choices=State, default=State.BILLABLE)
    recorded_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["patient", "facility"],
                condition=Q(state="BILLABLE"),
                name="billing_charge_billable",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(quantity__gt=0, unit_price_minor__gt=0), name="billing_charge_above_zero"
            ),
            models.CheckConstraint(
                condition=Q(invoiced_minor__gte=0, invoiced_minor__lte=F("quantity") * F("unit_price_minor")),
                name="billing_charge_invoiced_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(state="BILLED", invoiced_minor=F("quantity") * F("unit_price_minor"))
                | Q(state="BILLABLE", invoiced_minor__lt=F("quantity") * F("unit_price_minor"))
                | (~Q(state__in=["BILLED", "BILLABLE"]) & Q(invoiced_minor=0)),
                name="billing_charge_billed_when_all_invoiced",
            ),
            models.UniqueConstraint(
                fields=["facility", "order_reference"],
                condition=~Q(order_reference="") & ~Q(state="ENTERED_IN_ERROR"),
                name="billing_charge_order_reference_once",
            ),
        ]

    def __str__(self) -> str:
        return self.public_id
