"""Whoever pays besides the patient, and for whom."""

from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from hms_ach.ids import PublicIdField
from hms_ach.vault import EncryptedTextField


class PayerClass(models.TextChoices):
    """How prices, receivables and reports group those who pay."""

    SELF_PAY = "SELF_PAY", "Self-pay"
    COMMERCIAL = "COMMERCIAL", "Commercial insurance"
    MEDICARE = "MEDICARE", "Medicare"
    MEDICAID = "MEDICAID", "Medicaid"
    GOVERNMENT = "GOVERNMENT", "Other government"
    EMPLOYER = "EMPLOYER", "Employer"
    LIABILITY = "LIABILITY", "Liability and legal"
    PROGRAMME = "PROGRAMME", "Programme or charity"


INSURER_CLASSES = frozenset(
    {PayerClass.COMMERCIAL, PayerClass.MEDICARE, PayerClass.MEDICAID, PayerClass.GOVERNMENT}
)


class Payer(models.Model):
    """An insurer, or a third party such as an employer. Its class says which invoices it may receive."""

    public_id = PublicIdField(prefix="pyr")
    code = models.CharField(max_length=12, unique=True)
    name = models.CharField(max_length=120)
    payer_class = models.CharField(max_length=12, choices=PayerClass)
    address = models.TextField(blank=True)
    is_active = models.BooleanField(default=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(payer_class=PayerClass.SELF_PAY), name="billing_payer_is_not_the_patient"
            )
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_insurer(self) -> bool:
        return self.payer_class in INSURER_CLASSES


class Coverage(models.Model):
    """A patient's cover with a payer, from one day to another (both included)."""

    public_id = PublicIdField(prefix="cov")
    patient = models.ForeignKey("billing.Patient", on_delete=models.PROTECT, related_name="coverages")
    payer = models.ForeignKey(Payer, on_delete=models.PROTECT, related_name="+")
    member_id = EncryptedTextField(blank=True, default="")
    priority = models.PositiveSmallIntegerField(default=1)
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords(excluded_fields=["member_id"])

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="billing_coverage_ends_after_start",
            ),
            models.UniqueConstraint(
                fields=["patient", "priority", "starts_on"], name="billing_coverage_one_per_priority"
            ),
        ]
