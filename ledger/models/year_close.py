"""The end of a fiscal year: asked for by one person, done by another."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class YearCloseRequest(models.Model):
    """That somebody asks for a fiscal year's end to be posted. Changes once, when it is decided.

    Whoever asked may decline it, too; another person closes the year.
    """

    class State(models.TextChoices):
        ASKED = "ASKED", "Awaits approval"
        DONE = "DONE", "Closed"
        DECLINED = "DECLINED", "Declined"

    public_id = PublicIdField(prefix="ycr")
    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    fiscal_year = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    requested_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "fiscal_year"],
                condition=Q(state="ASKED"),
                name="ledger_yearcloserequest_one_awaiting",
            ),
            models.CheckConstraint(
                condition=~Q(state="DONE") | ~Q(decided_by=F("requested_by")),
                name="ledger_yearcloserequest_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state="ASKED", decided_by__isnull=True, decided_at__isnull=True)
                | Q(state__in=["DONE", "DECLINED"], decided_by__isnull=False, decided_at__isnull=False),
                name="ledger_yearcloserequest_decision_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state="DECLINED") | ~Q(reason=""), name="ledger_yearcloserequest_says_why"
            ),
        ]

    def __str__(self) -> str:
        return f"Fiscal year {self.fiscal_year}"


class YearClose(models.Model):
    """Income and expense of a fiscal year moved to net assets; its entries name it as their source.

    net_minor is what this run moved in the functional currency, a surplus negative (a credit).
    request   what it was asked by; a trigger (0016) holds that another person asked
    """

    public_id = PublicIdField(prefix="yec")
    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    fiscal_year = models.PositiveSmallIntegerField()
    request = models.OneToOneField(
        YearCloseRequest, on_delete=models.PROTECT, null=True, related_name="closing"
    )
    net_minor = models.BigIntegerField()
    n_accounts = models.PositiveIntegerField()
    closed_by = models.ForeignKey("access.User", on_delete=models.PROTECT)
    closed_at = models.DateTimeField()
