"""What banks announce before their final statements: shown, never matched, never posted."""

from django.contrib.postgres.fields import ArrayField
from django.db import models

from hms_ach.ids import PublicIdField
from reconciliation.formats.statement import STATUS_WORDS


class InterimReport(models.Model):
    """A camt.052, camt.054, MT942 or same-day BAI2 report, or what a statement calls pending. Never changes.

    entry_count counts what the report holds; those that an earlier one announced are kept with that one.
    """

    class Kind(models.TextChoices):
        INTERIM = "INTERIM", "Interim report"
        NOTICE = "NOTICE", "Notice"
        PENDING = "PENDING", "Pending on a statement"

    public_id = PublicIdField(prefix="itr")
    account = models.ForeignKey("reconciliation.BankAccount", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=8, choices=Kind)
    report_id = models.CharField(max_length=70, blank=True)
    format = models.CharField(max_length=10)
    from_on = models.DateField()
    to_on = models.DateField()
    entry_count = models.PositiveIntegerField()
    findings = models.JSONField(default=list)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    file_no = models.PositiveIntegerField()
    imported_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "sha256", "file_no", "kind"], name="reconciliation_interimreport_once"
            ),
            models.CheckConstraint(
                condition=models.Q(from_on__lte=models.F("to_on")),
                name="reconciliation_interimreport_dates_in_order",
            ),
        ]
        indexes = [models.Index(fields=["account", "to_on", "id"], name="reconciliation_interim_day")]

    def __str__(self) -> str:
        return self.report_id


class InterimEntry(models.Model):
    """One announced entry. Its identity is that of a line: reports which repeat it add none.

    seen_on  the booking day, or the report's last day where the bank leaves the day open
    """

    account = models.ForeignKey("reconciliation.BankAccount", on_delete=models.PROTECT, related_name="+")
    report = models.ForeignKey(InterimReport, on_delete=models.PROTECT, related_name="entries")
    position = models.PositiveIntegerField()
    source_line = models.PositiveIntegerField()
    bank_reference = models.CharField(max_length=70)
    seen_on = models.DateField()
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    ordinal = models.PositiveIntegerField()
    references = ArrayField(models.CharField(max_length=140), default=list)
    counterparty = models.CharField(max_length=140, blank=True)
    description = models.TextField(blank=True)
    status = models.CharField(max_length=4)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "seen_on", "amount_minor", "bank_reference", "ordinal"],
                name="reconciliation_interimentry_identity",
            )
        ]
        indexes = [models.Index(fields=["report", "position"], name="reconciliation_interim_place")]

    @property
    def status_words(self) -> str:
        return STATUS_WORDS.get(self.status, self.status)
