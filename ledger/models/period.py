"""Accounting periods, and the two people it takes to reopen one."""

from django.db import models
from django.db.models import F, Q


class Period(models.Model):
    """One calendar month of one legal entity.

    OPEN takes every entry, SOFT only entries whose source kind is "adjustment", HARD none. The
    constraint ledger_period_state_is_key makes state part of a key, so that changing it waits for
    every transaction that is posting into the period, and posters wait for the change.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", "Open"
        SOFT = "SOFT", "Soft closed"
        HARD = "HARD", "Hard closed"

    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "starts_on"], name="ledger_period_month_in_entity"
            ),
            models.UniqueConstraint(fields=["id", "state"], name="ledger_period_state_is_key"),
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "SOFT", "HARD"]), name="ledger_period_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%B %Y}"


class PeriodReopening(models.Model):
    """A request to reopen a closed period, and its approval by another person.

    The period's own trigger lets it go back to OPEN only in the transaction that approves.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="reopenings")
    reason = models.TextField()
    requested_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")),
                name="ledger_periodreopening_two_people",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="ledger_periodreopening_approval_whole",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="ledger_periodreopening_has_reason"),
            models.UniqueConstraint(
                fields=["period"],
                condition=Q(approved_by__isnull=True),
                name="ledger_periodreopening_one_awaiting",
            ),
        ]
