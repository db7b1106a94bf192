"""Invoices, their lines, and the rows that say they were cancelled or locked."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField
from hms_ach.money import Money
from hms_ach.vault import EncryptedTextField


class Invoice(models.Model):
    """A numbered demand for money from one responsible party. A draft may change; an issued one never does.

    settled_minor moves only in the transaction that writes its Settlement row, by an F() expression;
    billing_invoice_settled_within_total stops two payers racing for the same dollar, and the deferred
    trigger billing_settlement_counter compares counter and rows at commit. state says PAID exactly
    while nothing is left to pay. Everything else is frozen at issue by billing_invoice_frozen (SQL).

    bill_id   shared by the invoices that split the same charges between several parties
    debtor    the person who answers for a patient invoice: the guarantor, or the patient
    """

    class Kind(models.TextChoices):
        PATIENT = "PATIENT", "Patient"
        INSURER = "INSURER", "Insurer"
        THIRD_PARTY = "THIRD_PARTY", "Third party"

    class State(models.TextChoices):
        DRAFT = "DRAFT", "Draft"
        ISSUED = "ISSUED", "Issued"
        PAID = "PAID", "Paid"
        CANCELLED = "CANCELLED", "Cancelled"

    public_id = PublicIdField(prefix="inv")
    bill_id = models.CharField(max_length=40, db_index=True)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    number = models.CharField(max_length=24, unique=True, null=True)
    kind = models.CharField(max_length=12, choices=Kind)
    patient = models.ForeignKey("billing.Patient", on_delete=models.PROTECT, related_name="invoices")
    debtor = models.ForeignKey("billing.Patient", null=True, on_delete=models.PROTECT, related_name="debts")
    payer = models.ForeignKey("billing.Payer", null=True, on_delete=models.PROTECT, related_name="invoices")
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField(default=0)
    settled_minor = models.BigIntegerField(default=0)
    state = models.CharField(max_length=10, choices=State, default=State.DRAFT)
    issued_on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    drafted_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    issued_by = models.ForeignKey("access.User", null=True, on_delete=models.PROTECT, related_name="+")
    issued_at = models.DateTimeField(null=True)
    facility_name = models.CharField(max_length=120, blank=True)
    facility_address = models.TextField(blank=True)
    patient_name = models.CharField(max_length=170, blank=True)
    patient_mrn = models.CharField(max_length=20, blank=True)
    bill_to_name = models.CharField(max_length=170, blank=True)
    bill_to_address = EncryptedTextField(blank=True, default="")
    payer_class = models.CharField(max_length=12, blank=True)
    payer_code = models.CharField(max_length=12, blank=True)
    # Brought by queries.invoices_of: the last step of its locks.
    lock_step: str | None

    class Meta:
        indexes = [
            models.Index(
                fields=["patient", "due_on"], condition=Q(state="ISSUED"), name="billing_invoice_due"
            ),
            models.Index(fields=["facility", "-id"], name="billing_invoice_by_facility"),
            # Whom the register expects today.
            models.Index(
                fields=["facility", "issued_on"],
                condition=Q(state="ISSUED"),
                name="billing_invoice_open_by_issue",
            ),
            models.Index(
                fields=["facility", "due_on"], condition=Q(state="ISSUED"), name="billing_invoice_open_by_due"
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(settled_minor__gte=0, settled_minor__lte=F("total_minor")),
                name="billing_invoice_settled_within_total",
            ),
            models.CheckConstraint(
                condition=Q(state="PAID", settled_minor=F("total_minor"))
                | Q(state="ISSUED", settled_minor__lt=F("total_minor"))
                | Q(state__in=["DRAFT", "CANCELLED"], settled_minor=0),
                name="billing_invoice_state_says_what_is_settled",
            ),
            models.CheckConstraint(
                condition=Q(
                    number__isnull=False, issued_on__isnull=False, due_on__isnull=False,
                    issued_by__isnull=False, issued_at__isnull=False,
                )
                | Q(state__in=["DRAFT", "CANCELLED"], number__isnull=True, issued_on__isnull=True),
                name="billing_invoice_issued_has_number_and_dates",
            ),
            models.CheckConstraint(
                condition=Q(kind="PATIENT", payer__isnull=True, debtor__isnull=False)
                | (~Q(kind="PATIENT") & Q(payer__isnull=False, debtor__isnull=True)),
                name="billing_invoice_one_responsible_party",
            ),
            models.CheckConstraint(
                condition=~Q(state="DRAFT") | Q(number__isnull=True),
                name="billing_invoice_draft_has_no_number",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number or self.public_id

    @property
    def total(self) -> Money:
        return Money(self.total_minor, self.currency)

    @property
    def settled(self) -> Money:
        return Money(self.settled_minor, self.currency)

    @property
    def balance(self) -> Money:
        """What is still to pay; nothing on a draft or a cancelled invoice."""
        is_live = self.state in (self.State.ISSUED, self.State.PAID)
        return self.total - self.settled if is_live else Money.zero(self.currency)


class InvoiceLine(models.Model):
    """A frozen copy of a charge, or of the party's share of it. Changes only while the invoice is a draft."""

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveSmallIntegerField()
    charge = models.ForeignKey("billing.Charge", on_delete=models.PROTECT, related_name="lines")
    service_code = models.CharField(max_length=20)
    description = models.CharField(max_length=160)
    revenue_code = models.CharField(max_length=4, blank=True)
    department_code = models.CharField(max_length=10, blank=True)
    service_on = models.DateField()
    quantity = models.PositiveIntegerField()
    unit_price_minor = models.BigIntegerField()
    full_minor = models.BigIntegerField()
    amount_minor = models.BigIntegerField()
    price_trace = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["invoice", "line"], name="billing_invoiceline_number_once"),
            models.UniqueConstraint(fields=["invoice", "charge"], name="billing_invoiceline_charge_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0, amount_minor__lte=F("full_minor")),
                name="billing_invoiceline_share_within_charge",
            ),
            models.CheckConstraint(
                condition=Q(full_minor=F("quantity") * F("unit_price_minor")),
                name="billing_invoiceline_quantity_times_price",
            ),
        ]


class InvoiceCancellation(models.Model):
    """Who cancelled an invoice, when and why. Append-only."""

    class Reason(models.TextChoices):
        WRONG_PATIENT = "WRONG_PATIENT", "Wrong patient"
        WRONG_SERVICE = "WRONG_SERVICE", "Wrong service or quantity"
        WRONG_PARTY = "WRONG_PARTY", "Wrong responsible party"
        WRONG_PRICE = "WRONG_PRICE", "Wrong price"
        DUPLICATE = "DUPLICATE", "Billed twice"
        OTHER = "OTHER", "Other"

    invoice = models.OneToOneField(Invoice, on_delete=models.PROTECT, related_name="cancellation")
    reason_code = models.CharField(max_length=16, choices=Reason)
    reason = models.CharField(max_length=300)
    cancelled_on = models.DateField()
    cancelled_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    cancelled_at = models.DateTimeField()


class InvoiceLock(models.Model):
    """A lock placed (legal, privacy, audit) or released. Append-only; the last row counts."""

    class Step(models.TextChoices):
        PLACED = "PLACED", "Locked"
        RELEASED = "RELEASED", "Released"

    invoice = models.ForeignKey(Invoice, on_delete=models.PROTECT, related_name="locks")
    step = models.CharField(max_length=8, choices=Step)
    reason = models.CharField(max_length=300)
    done_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    done_at = models.DateTimeField()
