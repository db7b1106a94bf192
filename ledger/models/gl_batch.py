"""What the general ledger receives: frozen batches of entries, summed, with control totals."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField


class GlBatch(models.Model):
    """A frozen set of one facility's entries, built when a day is approved.

    run counts the batches of the same facility and business day from 1; an entry posted late goes
    to a later one. The control totals are in the functional currency.

    rebuilds  the rejected or reversed batch whose entries this one sends again
    attempt   how many batches sent these entries before
    reverses  the batch that this one takes back, line by line; it has no entries of its own. One at a time:
              only when a reversal was rejected may another follow
    """

    # What queries.gl_batches adds: the state of the latest step, and the latest journal.
    state: str
    journal: str | None

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
    rebuilds = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="rebuilt_by")
    attempt = models.PositiveSmallIntegerField(default=0)
    reverses = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="reversals")
    mapping = models.ForeignKey("ledger.MappingVersion", on_delete=models.PROTECT, null=True)
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
            models.CheckConstraint(
                condition=Q(rebuilds__isnull=True, attempt=0) | Q(rebuilds__isnull=False, attempt__gt=0),
                name="ledger_glbatch_attempt_of_rebuilt",
            ),
            models.CheckConstraint(
                condition=Q(reverses__isnull=True) | Q(rebuilds__isnull=True),
                name="ledger_glbatch_reverses_or_rebuilds",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class GlBatchStep(models.Model):
    """A change of a batch's state: who, when and why. The latest is the state of the batch.

    made_by is null for what the system did itself. journal is the general ledger's own number.
    """

    class State(models.TextChoices):
        BUILT = "BUILT", "Built"
        VALIDATED = "VALIDATED", "Awaits approval"
        APPROVED = "APPROVED", "Approved"
        EXPORTED = "EXPORTED", "Exported"
        ACKNOWLEDGED = "ACKNOWLEDGED", "Acknowledged"
        POSTED = "POSTED", "Posted in the general ledger"
        REJECTED = "REJECTED", "Rejected"
        REVERSED = "REVERSED", "Reversed"
        REBUILT = "REBUILT", "Rebuilt"

    batch = models.ForeignKey(GlBatch, on_delete=models.PROTECT, related_name="steps")
    sequence = models.PositiveIntegerField()
    state = models.CharField(max_length=12, choices=State)
    made_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    reason = models.TextField(blank=True)
    journal = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "sequence"], name="ledger_glbatchstep_in_order"),
            models.CheckConstraint(
                condition=~Q(state__in=["REJECTED", "REVERSED"]) | ~Q(reason=""),
                name="ledger_glbatchstep_says_why",
            ),
            models.CheckConstraint(
                condition=~Q(state="POSTED") | ~Q(journal=""), name="ledger_glbatchstep_posted_has_journal"
            ),
        ]


class GlBatchEntry(models.Model):
    """An entry's one place in the batches of one attempt; only a rebuilt batch makes another."""

    batch = models.ForeignKey(GlBatch, on_delete=models.PROTECT, related_name="members")
    entry = models.ForeignKey(
        "ledger.Entry", on_delete=models.PROTECT, related_name="gl_batch_entries", db_index=False
    )
    attempt = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["entry", "attempt"], name="ledger_glbatchentry_one_batch")
        ]


class GlBatchLine(models.Model):
    """The sum of a batch's postings that share day, role, account, currency and dimensions, by side.

    segments is the general ledger's code; without an approved map it is the account's own number.
    """

    batch = models.ForeignKey(GlBatch, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveIntegerField()
    category = models.CharField(max_length=40, blank=True)
    segments = ArrayField(models.CharField(max_length=60), default=list)
    rule = models.ForeignKey("ledger.MappingRule", on_delete=models.PROTECT, null=True, db_index=False)
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
    """The bytes of a batch in one layout, made once and sent ever after.

    layout is a name of ledger.formats.LAYOUTS, or the public id of an approved export profile.
    """

    batch = models.ForeignKey(GlBatch, on_delete=models.PROTECT, related_name="files")
    layout = models.CharField(max_length=40)
    media_type = models.CharField(max_length=60)
    extension = models.CharField(max_length=8)
    size = models.BigIntegerField()
    sha256 = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["batch", "layout"], name="ledger_glbatchfile_layout_once")
        ]


class GlBatchChunk(models.Model):
    """A piece of a file, small enough that no size of batch fills the memory."""

    file = models.ForeignKey(GlBatchFile, on_delete=models.PROTECT, related_name="chunks", db_index=False)
    sequence = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "sequence"], name="ledger_glbatchchunk_in_order")
        ]
