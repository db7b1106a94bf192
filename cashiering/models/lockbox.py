"""What a bank took out of a lockbox and deposited: deposits, and the cheques in them."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField

PROTECT = models.PROTECT


class LockboxDeposit(models.Model):
    """What one lockbox received on one day, as one sum that the bank's statement will show. Written once.

    total_minor  of its cheques; on transfer clearing until the bank's line is matched
    """

    public_id = PublicIdField(prefix="lbx")
    facility = models.ForeignKey("access.Facility", on_delete=PROTECT, related_name="+")
    lockbox = models.CharField(max_length=7)
    deposited_on = models.DateField()
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    file = models.ForeignKey("files.StoredFile", on_delete=PROTECT, related_name="+")
    recorded_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    bank_confirmed_on = models.DateField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="cashiering_lockbox_positive"),
        ]
        indexes = [
            models.Index(
                fields=["facility"],
                condition=Q(bank_confirmed_on__isnull=True),
                name="cashiering_lockbox_awaited",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lockbox} {self.deposited_on:%Y-%m-%d}"


class LockboxCheque(models.Model):
    """One cheque of a deposit: a payment of invoices, or money in suspense with the reason why. Written once.

    account_last4  of the payer's bank account; the whole number stays in the file
    stubs          [invoice as the file writes it, amount in minor units]
    """

    public_id = PublicIdField(prefix="lbc")
    deposit = models.ForeignKey(LockboxDeposit, on_delete=PROTECT, related_name="cheques")
    facility = models.ForeignKey("access.Facility", on_delete=PROTECT, related_name="+")
    lockbox = models.CharField(max_length=7)
    deposited_on = models.DateField()
    batch = models.CharField(max_length=3)
    item = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    number = models.CharField(max_length=10, blank=True)
    routing = models.CharField(max_length=9, blank=True)
    account_last4 = models.CharField(max_length=4, blank=True)
    stubs = models.JSONField(default=list)
    payment = models.OneToOneField("cashiering.Payment", on_delete=PROTECT, null=True, related_name="+")
    problem = models.CharField(max_length=300, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "lockbox", "deposited_on", "batch", "item"],
                name="cashiering_lockbox_cheque_once",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="cashiering_lockbox_cheque_positive"
            ),
            models.CheckConstraint(
                condition=Q(payment__isnull=False, problem="") | Q(payment=None) & ~Q(problem=""),
                name="cashiering_lockbox_cheque_paid_or_with_problem",
            ),
        ]
