"""Bank reconciliations that people answer for: prepared by one, reviewed by another."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField
from hms_ach.money import Money

PROTECT = models.PROTECT


class PreparedReconciliation(models.Model):
    """An account's bank reconciliation as it stood when somebody prepared it. Append-only.

    as_of    the day at whose end all of it is
    parts    name, number of items and sum of each of its parts, what is on its way among them
    digest   SHA-256 of the whole document, item by item
    note     what the preparer says; never empty where something is not explained
    """

    public_id = PublicIdField(prefix="brc")
    account = models.ForeignKey(
        "reconciliation.BankAccount", on_delete=PROTECT, related_name="reconciliations"
    )
    as_of = models.DateField()
    statement = models.ForeignKey("reconciliation.Statement", on_delete=PROTECT, related_name="+")
    at_bank_minor = models.BigIntegerField()
    before_minor = models.BigIntegerField()
    between_minor = models.BigIntegerField()
    in_book_minor = models.BigIntegerField()
    parts = models.JSONField()
    digest = models.CharField(max_length=64)
    note = models.CharField(max_length=500, blank=True)
    prepared_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    prepared_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(in_book_minor=F("at_bank_minor") - F("before_minor") + F("between_minor"))
                | ~Q(note=""),
                name="reconciliation_preparedreconciliation_explained",
            ),
        ]

    @property
    def at_bank(self) -> Money:
        return Money(self.at_bank_minor, self.account.currency)

    @property
    def in_book(self) -> Money:
        return Money(self.in_book_minor, self.account.currency)

    @property
    def difference(self) -> Money:
        """What nothing explains."""
        expected = self.at_bank_minor - self.before_minor + self.between_minor
        return Money(self.in_book_minor - expected, self.account.currency)


class ReconciliationReview(models.Model):
    """Another person answers for a prepared bank reconciliation. Append-only; two people by a trigger."""

    prepared = models.OneToOneField(PreparedReconciliation, on_delete=PROTECT, related_name="review")
    note = models.CharField(max_length=500, blank=True)
    reviewed_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    reviewed_at = models.DateTimeField()
