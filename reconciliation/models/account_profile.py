"""What is particular about one account's files."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from simple_history.models import HistoricalRecords


class AccountProfile(models.Model):
    """How one account's files are read: the deviations its bank may send, its tables, its calendar.

    switches  names of formats.reading.SWITCHES that are on
    table     the column profile of its CSV and XLSX files (formats.table.TableProfile); null for none
    calendar  on which days a statement is due; a day without one becomes a discrepancy
    """

    class Calendar(models.TextChoices):
        BANKING_DAYS = "BANKING_DAYS", "Every banking day"
        EVERY_DAY = "EVERY_DAY", "Every day"
        WEEKLY = "WEEKLY", "Once a week"
        MONTHLY = "MONTHLY", "Once a month"
        NEVER = "NEVER", "On no fixed day"

    account = models.OneToOneField(
        "reconciliation.BankAccount", on_delete=models.PROTECT, related_name="profile"
    )
    switches = ArrayField(models.CharField(max_length=40), default=list)
    table = models.JSONField(null=True)
    calendar = models.CharField(max_length=20, choices=Calendar, default=Calendar.BANKING_DAYS)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(calendar__in=["BANKING_DAYS", "EVERY_DAY", "WEEKLY", "MONTHLY", "NEVER"]),
                name="reconciliation_accountprofile_calendar_known",
            )
        ]
