"""Accounting periods, and the two people it takes to reopen one."""

from django.db import models
from django.db.models import F, Q

from ledger.rules.fiscal_calendar import Pattern, label_of


class Period(models.Model):
    """The days of one legal entity's books between two closes: a month, or weeks of a 4-4-5 calendar.

    number counts the periods of a fiscal year from 1; a fiscal year is named by the year it ends in.
    Periods of an entity never overlap (exclusion constraint in 0003). OPEN takes every entry, SOFT only
    entries whose source kind is "adjustment", HARD none. A change of state waits for
    every transaction that is posting into the period, and posters wait for the change: an advisory
    lock that posters share (0004), so that they never write to this row.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", "Open"
        SOFT = "SOFT", "Soft closed"
        HARD = "HARD", "Hard closed"

    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    fiscal_year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    starts_on = models.DateField()
    ends_on = models.DateField()
    state = models.CharField(max_length=4, choices=State, default=State.OPEN)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "starts_on"], name="ledger_period_start_in_entity"
            ),
            models.UniqueConstraint(
                fields=["legal_entity", "fiscal_year", "number"], name="ledger_period_number_in_year"
            ),
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on"), number__gte=1), name="ledger_period_in_order"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["OPEN", "SOFT", "HARD"]), name="ledger_period_state_known"
            ),
        ]

    def __str__(self) -> str:
        return label_of(self.fiscal_year, self.number, self.starts_on, self.ends_on)

    @property
    def code(self) -> str:
        """The period as it stands in addresses and events: 2026-03."""
        return f"{self.fiscal_year}-{self.number:02d}"


class FiscalCalendar(models.Model):
    """How a legal entity cuts its years into periods, from a day on. Rows are added, never changed.

    year_starts_month  the month (1 to 12) a fiscal year of calendar months starts in
    week_ends_on       the weekday (1 Monday to 7 Sunday) that ends each week of the other patterns;
                       their year ends on the last such day of the month before year_starts_month
    """

    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    pattern = models.CharField(max_length=5, choices=[(each.value, each.label) for each in Pattern])
    year_starts_month = models.PositiveSmallIntegerField(default=1)
    week_ends_on = models.PositiveSmallIntegerField(default=6)
    applies_from = models.DateField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "applies_from"], name="ledger_fiscalcalendar_one_a_day"
            ),
            models.CheckConstraint(
                condition=Q(
                    year_starts_month__range=(1, 12),
                    week_ends_on__range=(1, 7),
                    pattern__in=[each.value for each in Pattern],
                ),
                name="ledger_fiscalcalendar_known",
            ),
        ]


class PeriodReopening(models.Model):
    """A request to reopen a period closed in one way; another person's approval, or why it stays closed.

    of_state, round  how the period was closed, and how often it had been reopened, when this was asked for:
                     of a period closed otherwise since, it can no longer be approved

    The period's own trigger lets it go back to OPEN only in the transaction that approves.
    """

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="reopenings")
    of_state = models.CharField(max_length=4, choices=Period.State)
    round = models.PositiveSmallIntegerField()
    reason = models.TextField()
    requested_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+", null=True)
    approved_at = models.DateTimeField(null=True)
    declined_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+", null=True)
    declined_at = models.DateTimeField(null=True)
    declined_because = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")),
                name="ledger_periodreopening_two_people",
            ),
            models.CheckConstraint(
                condition=Q(declined_by__isnull=True, declined_at__isnull=True, declined_because="")
                | Q(declined_by__isnull=False, declined_at__isnull=False, approved_by__isnull=True)
                & ~Q(declined_because=""),
                name="ledger_periodreopening_decline_whole",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True, approved_at__isnull=True)
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="ledger_periodreopening_approval_whole",
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="ledger_periodreopening_has_reason"),
            models.UniqueConstraint(
                fields=["period", "round", "of_state"],
                condition=Q(approved_by__isnull=True, declined_by__isnull=True),
                name="ledger_periodreopening_one_awaiting",
            ),
        ]
