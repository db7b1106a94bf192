"""What a close leaves behind: its checklist, and the tie-outs that people signed."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField


class CloseStep(models.Model):
    """A line of a legal entity's close checklist, copied to each period when its close starts.

    due_days, due_hour  so many days after the period's last day, at that hour of the first facility's zone
    check               what the system itself looks at; empty for what a person says is done
    after               the step that must be done before
    """

    class Check(models.TextChoices):
        PERSON = "", "A person says so"
        DAYS = "DAYS", "Every business day is closed"
        JOURNALS = "JOURNALS", "No journal awaits approval"
        REVERSALS = "REVERSALS", "Nothing is left to be taken back"
        REVALUED = "REVALUED", "Foreign balances are revalued"
        TIED_OUT = "TIED_OUT", "Sub-ledgers are tied out and signed"

    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    position = models.PositiveSmallIntegerField()
    name = models.CharField(max_length=120)
    owner_role = models.CharField(max_length=20)
    due_days = models.PositiveSmallIntegerField()
    due_hour = models.PositiveSmallIntegerField()
    check_code = models.CharField(max_length=10, choices=Check, blank=True)
    needs_evidence = models.BooleanField(default=False)
    after = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "position"],
                condition=Q(retired_at__isnull=True),
                name="ledger_closestep_position_once",
            ),
            models.CheckConstraint(condition=Q(due_hour__lte=23), name="ledger_closestep_hour_of_day"),
        ]

    def __str__(self) -> str:
        return self.name


class CloseTask(models.Model):
    """A step of one period's close. What a person does changes once, from open to done.

    round  how often the period had been reopened when this close began: each reopening makes all steps due
           again, and those of the rounds before stay as they were done
    """

    period = models.ForeignKey("ledger.Period", on_delete=models.PROTECT, related_name="close_tasks")
    round = models.PositiveSmallIntegerField(default=0)
    step = models.ForeignKey(CloseStep, on_delete=models.PROTECT)
    due_at = models.DateTimeField()
    done_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(null=True)
    note = models.CharField(max_length=300, blank=True)
    evidence = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT, null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "round", "step"], name="ledger_closetask_step_once"),
            models.CheckConstraint(
                condition=Q(done_by__isnull=True, done_at__isnull=True)
                | Q(done_by__isnull=False, done_at__isnull=False),
                name="ledger_closetask_done_whole",
            ),
        ]


class TieOut(models.Model):
    """A sub-ledger's figure beside the book's, on one role, taken for a period. Append-only.

    as_of is the day both are of. Signed by another person than who took it; a difference is explained.
    round is that of CloseTask: what was taken before a reopening no longer counts for the period.
    n_postings counts the role's postings up to the period's last day, so that a later one shows; null
    where it was taken before they were counted, and what moved since is not known.
    """

    public_id = PublicIdField(prefix="tie")
    period = models.ForeignKey("ledger.Period", on_delete=models.PROTECT, related_name="tie_outs")
    round = models.PositiveSmallIntegerField(default=0)
    sub_ledger = models.CharField(max_length=20)
    role = models.CharField(max_length=40)
    currency = models.CharField(max_length=3)
    as_of = models.DateField()
    sub_ledger_minor = models.BigIntegerField()
    ledger_minor = models.BigIntegerField()
    n_postings = models.BigIntegerField(null=True)
    taken_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    taken_at = models.DateTimeField()

    @property
    def difference_minor(self) -> int:
        return self.sub_ledger_minor - self.ledger_minor


class TieOutDocument(models.Model):
    """One document behind a tie-out's figure, as it stood when that was taken. Append-only.

    reference  the document's public id; the documents of a tie-out add up to its sub_ledger_minor
    """

    tie_out = models.ForeignKey(TieOut, on_delete=models.PROTECT, related_name="documents", db_index=False)
    reference = models.CharField(max_length=80)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["tie_out", "reference", "facility"], name="ledger_tieoutdocument_once"
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_tieoutdocument_not_zero"),
        ]


class TieOutSignature(models.Model):
    """Somebody answers for a tie-out. Append-only; two people by a trigger in 0011."""

    tie_out = models.OneToOneField(TieOut, on_delete=models.PROTECT, related_name="signature")
    signed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    explanation = models.CharField(max_length=300, blank=True)
