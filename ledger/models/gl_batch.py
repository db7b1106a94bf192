"""What the general ledger receives: frozen batches of entries, summed, with control totals."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField


class GlBatch(models.Model):
    """A frozen set of one facility's entries, built when a day is approved.

    run counts the batches of the same facility and business day from 1; an entry posted late goes
    to a later one. The control totals are in the functional currency.
    """

    public_id = PublicIdField(prefix="glb")
    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT)
    business_on = models.DateField()
    run = models.PositiveIntegerField()
    number = models.CharField(max_length=40, unique=True)
    functional_currency = models.CharField(max_length=3)
    n_entries = models.PositiveIntegerField()
    n_lines = models.PositiveIntegerField()
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()
    built_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True)
    built_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "business_on", "run"], name="ledger_glbatch_run_of_day"
            ),
            models.CheckConstraint(
                condition=Q(debit_minor=models.F("credit_minor"), debit_minor__gte=0),
                name="ledger_glbatch_totals_equal",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class GlBatchEntry(models.Model):
    """An entry's one place in a batch."""

    batch = models.ForeignKey(GlBatch, on_delete=models.PROTECT, related_name="members")
    entry = models.OneToOneField("ledger.Entry", on_delete=models.PROTECT, related_name="gl_batch_entry")


class GlBatchLine(models.Model):
    """The sum of a batch's postings that share day, account, currency and dimensions, by side."""

    batch = models.ForeignKey(GlBatch, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    account = models.ForeignKey("ledger.Account", on_delete=models.PROTECT)
    effective_on = models.DateField()
    account_number = models.CharField(max_length=20)
    account_name = models.CharField(max_length=120)
    department = models.ForeignKey("access.Department", on_delete=models.PROTECT, null=True)
    payer_class = models.CharField(max_length=40, blank=True)
    tender = models.CharField(max_length=20, blank=True)
    currency = models.CharField(max_length=3)
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()
    functional_debit_minor = models.BigIntegerField()
    functional_credit_minor = models.BigIntegerField()
    n_postings = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "line"], name="ledger_glbatchline_line_once"),
            models.CheckConstraint(
                condition=Q(
                    debit_minor__gte=0,
                    credit_minor__gte=0,
                    functional_debit_minor__gte=0,
                    functional_credit_minor__gte=0,
                ),
                name="ledger_glbatchline_sides_not_negative",
            ),
        ]


class GlBatchFile(models.Model):
    """The bytes of a batch in one layout, made once with the batch and sent ever after."""

    class Layout(models.TextChoices):
        JSON = "json", "JSON"
        JSONL = "jsonl", "JSON Lines"
        CSV = "csv", "CSV"

    batch = models.ForeignKey(GlBatch, on_delete=models.PROTECT, related_name="files")
    layout = models.CharField(max_length=5, choices=Layout)
    content = models.BinaryField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "layout"], name="ledger_glbatchfile_layout_once")
        ]
