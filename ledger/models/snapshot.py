"""What a closed period moved, summed once; and the nightly checks of those sums."""

from django.db import models
from django.db.models import Q


class Snapshot(models.Model):
    """The sums of one period's postings as it was closed hard. A close after a reopening adds a version.

    Written by the database itself (trigger on the period's state, migrations/sql/snapshot.sql), by nobody
    else, and never changed. The latest version of a period that is closed now is exact; others tell of the
    past.

    first_posted_at, last_posted_at  the moments of its first and last entry, null when it has none
    """

    period = models.ForeignKey("ledger.Period", on_delete=models.PROTECT, related_name="snapshots")
    version = models.PositiveIntegerField()
    n_postings = models.BigIntegerField()
    first_posted_at = models.DateTimeField(null=True)
    last_posted_at = models.DateTimeField(null=True)
    taken_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["period", "version"], name="ledger_snapshot_version_once"),
        ]

    def __str__(self) -> str:
        return f"{self.period} (version {self.version})"


class SnapshotLine(models.Model):
    """One sum of a snapshot: everything that shares account and dimensions, except the reference.

    payer is kept of receivables only; of other roles it is empty.
    debit_minor and credit_minor are in the functional currency; amount_minor is signed, in currency.
    """

    snapshot = models.ForeignKey(Snapshot, on_delete=models.PROTECT, related_name="lines", db_index=False)
    account = models.ForeignKey("ledger.Account", on_delete=models.PROTECT, db_index=False)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, db_index=False)
    department = models.ForeignKey("access.Department", on_delete=models.PROTECT, null=True, db_index=False)
    role = models.CharField(max_length=40)
    payer_class = models.CharField(max_length=40, blank=True)
    payer = models.CharField(max_length=60, blank=True)
    tender = models.CharField(max_length=20, blank=True)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    debit_minor = models.BigIntegerField()
    credit_minor = models.BigIntegerField()
    n_postings = models.BigIntegerField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(debit_minor__gte=0, credit_minor__gte=0), name="ledger_snapshotline_sides"
            ),
        ]
        indexes = [models.Index(fields=["snapshot", "account"], name="ledger_snapshotline_by_account")]

    def __str__(self) -> str:
        return f"{self.account} in {self.snapshot}"


class BalanceCheck(models.Model):
    """One night's recomputation of a legal entity's books from nothing. Never changed."""

    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    checked_at = models.DateTimeField()
    n_postings = models.BigIntegerField()
    n_drifts = models.PositiveIntegerField()

    class Meta:
        indexes = [
            models.Index(fields=["legal_entity", "-checked_at", "-id"], name="ledger_balancecheck_latest")
        ]

    def __str__(self) -> str:
        return f"{self.legal_entity} at {self.checked_at:%Y-%m-%d %H:%M}"


class BalanceDrift(models.Model):
    """One figure that a check found to differ. Never changed.

    kind        what was compared, in words (commands/sql/find_drifts.sql)
    subject     the account, entry or period it is about, by number or public id
    kept_minor  what the book says; should_be_minor what the postings add up to
    """

    check_run = models.ForeignKey(BalanceCheck, on_delete=models.PROTECT, related_name="drifts")
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    currency = models.CharField(max_length=3)
    kept_minor = models.DecimalField(max_digits=40, decimal_places=0)
    should_be_minor = models.DecimalField(max_digits=40, decimal_places=0)

    def __str__(self) -> str:
        return f"{self.kind}: {self.subject}"
