"""Statements as the bank sent them."""

from django.db import models

from hms_ach.ids import PublicIdField


class Statement(models.Model):
    """One bank statement: what the bank says it held before and after its entries. Never changes.

    A bank may use a statement number again in another year, so the year is part of the identity;
    so is the page, where a bank sends a statement in several files.

    format   which reader read it, see formats.detection.Format
    file_no  which statement of its file it is, from 1
    page     from 1; the opening balance stands on the first page, the closing one on the last

    `line_count` counts the booked entries of the file; `known_line_count` those of them that an
    earlier, overlapping statement had already brought.
    """

    public_id = PublicIdField(prefix="sta")
    account = models.ForeignKey(
        "reconciliation.BankAccount", on_delete=models.PROTECT, related_name="statements"
    )
    statement_id = models.CharField(max_length=70)
    year = models.PositiveSmallIntegerField()
    page = models.PositiveSmallIntegerField(default=1)
    is_last_page = models.BooleanField(default=True)
    format = models.CharField(max_length=10, default="camt")
    file_no = models.PositiveIntegerField(default=1)
    sequence = models.PositiveBigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    opening_minor = models.BigIntegerField(null=True)
    closing_minor = models.BigIntegerField(null=True)
    booked_minor = models.BigIntegerField()
    from_on = models.DateField()
    to_on = models.DateField()
    made_at = models.DateTimeField(null=True)
    line_count = models.PositiveIntegerField()
    known_line_count = models.PositiveIntegerField()
    findings = models.JSONField(default=list)
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)
    imported_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    imported_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account", "statement_id", "year", "page"],
                name="reconciliation_statement_once_a_year",
            ),
            models.CheckConstraint(
                condition=models.Q(from_on__lte=models.F("to_on")),
                name="reconciliation_statement_dates_in_order",
            ),
            models.CheckConstraint(
                condition=models.Q(known_line_count__lte=models.F("line_count")),
                name="reconciliation_statement_known_within_count",
            ),
        ]
        indexes = [
            models.Index(fields=["account", "to_on", "id"], name="reconciliation_statement_day"),
        ]

    def __str__(self) -> str:
        return self.statement_id
