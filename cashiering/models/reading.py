"""What is read off a drawer and never changes: Z reads, surprise audits, cash reports."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class ZRead(models.Model):
    """The figures of a session at its close, numbered without gaps in its register. Written once."""

    public_id = PublicIdField(prefix="zrd")
    session = models.OneToOneField("cashiering.Session", on_delete=models.PROTECT, related_name="z_read")
    register = models.ForeignKey("cashiering.Register", on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    figures = models.JSONField(help_text="the till read as the API shows it")
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["register", "number"], name="cashiering_z_read_number")
        ]


class TillAudit(models.Model):
    """A surprise count of an open drawer by somebody else. The session goes on. Written once."""

    public_id = PublicIdField(prefix="tau")
    session = models.ForeignKey("cashiering.Session", on_delete=models.PROTECT, related_name="audits")
    currency = models.CharField(max_length=3)
    denominations = models.JSONField(help_text="pieces by face value in minor units")
    counted_minor = models.BigIntegerField()
    expected_minor = models.BigIntegerField()
    difference_minor = models.BigIntegerField()
    remarks = models.CharField(max_length=200, blank=True)
    cashier = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    audited_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    audited_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(difference_minor=F("counted_minor") - F("expected_minor")),
                name="cashiering_till_audit_adds_up",
            ),
            models.CheckConstraint(
                condition=~Q(audited_by=F("cashier")), name="cashiering_till_audit_by_another"
            ),
        ]


class CashReport(models.Model):
    """A Form 8300 filed for a payer's cash of twelve months (26 USC 6050I). Written once."""

    public_id = PublicIdField(prefix="f83")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    patient = models.ForeignKey("billing.Patient", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reached_on = models.DateField()
    due_on = models.DateField()
    last_payment_id = models.BigIntegerField(help_text="cash up to this payment is reported")
    reference = models.CharField(max_length=60)
    filed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    filed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["patient", "last_payment_id"], name="cashiering_cash_report_once"
            ),
            models.CheckConstraint(condition=~Q(reference=""), name="cashiering_cash_report_has_reference"),
        ]
