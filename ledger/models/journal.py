"""Journals that people write, their templates and limits, and reversals that fall due by themselves."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class Journal(models.Model):
    """An entry by hand: prepared by one person, posted when another approves it.

    It is written whole and changes once, when it is decided. reverses names the entry that it takes
    back, and then it has no lines of its own. reverses_on lets what it posts be taken back by itself.
    occurrence is the period's last day that a recurring template made it for.
    """

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", "Awaits approval"
        POSTED = "POSTED", "Posted"
        REJECTED = "REJECTED", "Rejected"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    public_id = PublicIdField(prefix="jou")
    number = models.CharField(max_length=40, unique=True)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT)
    state = models.CharField(max_length=10, choices=State, default=State.PROPOSED)
    effective_on = models.DateField()
    belongs_on = models.DateField(null=True)
    reverses_on = models.DateField(null=True)
    memo = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    reverses = models.ForeignKey("ledger.Entry", on_delete=models.PROTECT, null=True, related_name="+")
    entry = models.OneToOneField("ledger.Entry", on_delete=models.PROTECT, null=True, related_name="journal")
    template = models.ForeignKey("ledger.JournalTemplate", on_delete=models.PROTECT, null=True)
    occurrence = models.DateField(null=True)
    prepared_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    decided_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+", null=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["POSTED", "REJECTED"]) | ~Q(decided_by=F("prepared_by")),
                name="ledger_journal_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="PROPOSED", decided_by__isnull=True, decided_at__isnull=True)
                | Q(~Q(state="PROPOSED"), decided_by__isnull=False, decided_at__isnull=False),
                name="ledger_journal_decision_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="POSTED", entry__isnull=False) | Q(~Q(state="POSTED"), entry__isnull=True),
                name="ledger_journal_posted_has_entry",
            ),
            models.CheckConstraint(
                condition=Q(reverses_on__isnull=True) | Q(reverses_on__gt=F("effective_on")),
                name="ledger_journal_reverses_later",
            ),
            models.CheckConstraint(
                condition=~Q(memo="") & Q(total_minor__gt=0), name="ledger_journal_says_something"
            ),
            models.UniqueConstraint(fields=["template", "occurrence"], name="ledger_journal_occurs_once"),
        ]
        indexes = [models.Index(fields=["facility", "state", "-id"], name="ledger_journal_by_state")]

    def __str__(self) -> str:
        return self.number


class JournalLine(models.Model):
    """One line of a journal: a signed amount on an account, debit positive."""

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveSmallIntegerField()
    account = models.ForeignKey("ledger.Account", on_delete=models.PROTECT)
    department = models.ForeignKey("access.Department", on_delete=models.PROTECT, null=True)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["journal", "line"], name="ledger_journalline_line_once"),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="ledger_journalline_not_zero"),
        ]

    @property
    def credit_minor(self) -> int:
        """The amount as it stands on the credit side."""
        return -self.amount_minor


class JournalFile(models.Model):
    """Evidence that was attached to a journal when it was prepared."""

    journal = models.ForeignKey(Journal, on_delete=models.PROTECT, related_name="files")
    file = models.ForeignKey("files.StoredFile", on_delete=models.PROTECT)


class JournalTemplate(models.Model):
    """A journal that is written again and again; with a cadence it is prepared at each period's end.

    is_accrual lets each journal be taken back on the first day of the period that follows.
    """

    class Cadence(models.TextChoices):
        NONE = "NONE", "When somebody uses it"
        PERIOD = "PERIOD", "At the end of each period"
        QUARTER = "QUARTER", "At the end of each quarter"
        YEAR = "YEAR", "At the end of each year"

    public_id = PublicIdField(prefix="jot")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT)
    name = models.CharField(max_length=80)
    memo = models.CharField(max_length=200)
    currency = models.CharField(max_length=3)
    cadence = models.CharField(max_length=7, choices=Cadence, default=Cadence.NONE)
    is_accrual = models.BooleanField(default=False)
    made_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    retired_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "name"],
                condition=Q(retired_at__isnull=True),
                name="ledger_journaltemplate_name_once",
            )
        ]

    def __str__(self) -> str:
        return self.name


class JournalTemplateLine(models.Model):
    """One line of a template, signed like a journal's; an amount of zero is filled in when it is used."""

    template = models.ForeignKey(JournalTemplate, on_delete=models.PROTECT, related_name="lines")
    line = models.PositiveSmallIntegerField()
    account = models.ForeignKey("ledger.Account", on_delete=models.PROTECT)
    department = models.ForeignKey("access.Department", on_delete=models.PROTECT, null=True)
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["template", "line"], name="ledger_journaltemplateline_line_once")
        ]

    @property
    def credit_minor(self) -> int:
        """The amount as it stands on the credit side."""
        return -self.amount_minor


class JournalLimit(models.Model):
    """Up to which total (functional currency) a role approves journals, as somebody asks for it.

    limit_minor is null for a role without a limit. Of the approved rows of a role the one that was approved
    last counts; without any, ledger.rules.journal.DEFAULT_LIMITS.
    """

    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    role = models.CharField(max_length=20)
    limit_minor = models.BigIntegerField(null=True)
    set_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True)
    set_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(limit_minor__isnull=True) | Q(limit_minor__gte=0),
                name="ledger_journallimit_not_negative",
            )
        ]


class JournalLimitApproval(models.Model):
    """That somebody other than who asked lets a limit count (trigger in 0019)."""

    limit = models.OneToOneField(JournalLimit, on_delete=models.PROTECT, related_name="approval")
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()


class ScheduledReversal(models.Model):
    """An entry that is to be taken back on a day. It is done when a reversal of the entry stands."""

    entry = models.OneToOneField("ledger.Entry", on_delete=models.PROTECT, related_name="scheduled_reversal")
    on = models.DateField()

    class Meta:
        indexes = [models.Index(fields=["on"], name="ledger_scheduledreversal_due")]
