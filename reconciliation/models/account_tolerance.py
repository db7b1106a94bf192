"""What an account's bank may show more or less than expected: proposed by one person, approved by another."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField
from hms_ach.proposed import Proposed

PROTECT = models.PROTECT


class AccountTolerance(Proposed):
    """How much one kind of item may differ on one account, which way, and the account role that takes it.

    Never changed: another amount is another tolerance. An approved one may be ended, once.

    largest_minor  in the account's currency; the cap where per_mille is given
    per_mille      of the expected amount; empty for the amount alone
    valid_to       the last day, inclusive; empty for no end
    ended_on       from this day on it is no longer in force; set when a person ends it
    """

    class Direction(models.TextChoices):
        LESS = "LESS", "The account may get less"
        MORE = "MORE", "The account may get more"
        EITHER = "EITHER", "Less or more"

    public_id = PublicIdField(prefix="tol")
    account = models.ForeignKey("reconciliation.BankAccount", on_delete=PROTECT, related_name="tolerances")
    kind = models.CharField(max_length=20)
    direction = models.CharField(max_length=6, choices=Direction)
    largest_minor = models.BigIntegerField()
    per_mille = models.PositiveSmallIntegerField(null=True)
    role = models.CharField(max_length=40)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    reason = models.CharField(max_length=500)
    verdict_reason = models.CharField(max_length=500, blank=True)
    ended_on = models.DateField(null=True)
    end_reason = models.CharField(max_length=500, blank=True)
    ended_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta(Proposed.Meta):
        constraints = [
            *Proposed.Meta.constraints,
            models.CheckConstraint(
                condition=Q(largest_minor__gt=0) & (Q(per_mille=None) | Q(per_mille__range=(1, 50))),
                name="reconciliation_accounttolerance_bounded",
            ),
            models.CheckConstraint(
                condition=Q(kind="deposit", role__in=["cash.over_short", "write_off.bank_difference"])
                | Q(kind="card_batch", role__in=["fee.merchant", "write_off.bank_difference"])
                | Q(
                    kind__in=["payment", "refund", "cheque_return", "suspense_clearing"],
                    role__in=["fee.merchant", "write_off.bank_difference"],
                    direction="LESS",
                ),
                name="reconciliation_accounttolerance_kind_and_role_fit",
            ),
            models.CheckConstraint(
                condition=Q(valid_to=None) | Q(valid_to__gte=F("valid_from")),
                name="reconciliation_accounttolerance_days_in_order",
            ),
            models.CheckConstraint(
                condition=Q(ended_on=None, ended_by=None, ended_at=None, end_reason="")
                | Q(
                    verdict="APPROVED", ended_on__isnull=False, ended_by__isnull=False, ended_at__isnull=False
                )
                & ~Q(end_reason=""),
                name="reconciliation_accounttolerance_ended_by_someone",
            ),
            models.UniqueConstraint(
                fields=["account", "kind"],
                condition=Q(verdict=None),
                name="reconciliation_accounttolerance_one_waiting",
            ),
        ]

    @property
    def state(self) -> str:
        """Where it stands, whatever the day."""
        if self.ended_on is not None:
            return "ENDED"
        return self.verdict or "PROPOSED"
