"""How old items of clearing accounts may grow, and what became of those that grew older."""

from typing import Any

from django.db import models
from django.db.models import Q

_KEPT: dict[str, Any] = {"on_delete": models.PROTECT, "related_name": "+"}


class ClearingLimit(models.Model):
    """A legal entity's word on an account's items of an age: who looks at them. Append-only.

    The latest word for a role and an age counts; an empty owner_role takes the limit away.
    """

    legal_entity = models.ForeignKey("access.LegalEntity", **_KEPT)
    role = models.CharField(max_length=40)
    age_days = models.PositiveSmallIntegerField()
    owner_role = models.CharField(max_length=20, blank=True)
    set_by = models.ForeignKey("access.User", **_KEPT)
    set_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.role} after {self.age_days} days"


class _Item(models.Model):
    """What an item is told apart by."""

    facility = models.ForeignKey("access.Facility", **_KEPT)
    role = models.CharField(max_length=40)
    reference = models.CharField(max_length=60, blank=True)
    currency = models.CharField(max_length=3)

    class Meta:
        abstract = True


class ClearingAlarm(_Item):
    """An item was found older than a limit: once for each limit since it was last at zero. Append-only.

    since          the day on which it opened
    balance_minor  what was left then, debit positive
    """

    since = models.DateField()
    limit_days = models.PositiveSmallIntegerField()
    owner_role = models.CharField(max_length=20)
    balance_minor = models.BigIntegerField()
    raised_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "role", "reference", "currency", "since", "limit_days"],
                name="ledger_clearingalarm_once",
            ),
            models.CheckConstraint(condition=~Q(balance_minor=0), name="ledger_clearingalarm_not_zero"),
        ]

    def __str__(self) -> str:
        return f"{self.role} {self.reference} after {self.limit_days} days"


class ClearingNote(_Item):
    """What somebody found out about an item, and by when it should be gone. Append-only."""

    text = models.CharField(max_length=500)
    expected_on = models.DateField(null=True)
    written_by = models.ForeignKey("access.User", **_KEPT)
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="ledger_clearingnote_says_something")
        ]
        indexes = [models.Index(fields=["role", "reference", "facility"], name="ledger_clearingnote_of_item")]

    def __str__(self) -> str:
        return self.text
