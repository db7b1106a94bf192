"""What others say the bank's statement will show."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField

PROTECT = models.PROTECT


class Advice(models.Model):
    """One sum that a payer, a bank or our own ACH file announces, until the bank's statement shows it.

    What is said never changes. One that is wrong is withdrawn with a reason; what the bank confirmed is not.

    amount_minor  as the bank shows it: below zero for what it takes
    reference     what names it alone: an insurer's trace, a batch's or a return's trace number
    references    what the bank may quote besides
    payer_id      who pays, by the number that the bank knows: an insurer's identifier, an ACH company's
    batch         the file that it came in, where the bank may show a file's items as one sum
    reason        of a return: R and two digits (NACHA)
    original      of a return: public id of the refund that came back; empty where it is not known
    """

    class Kind(models.TextChoices):
        ACH_FILE = "ACH_FILE", "ACH file"
        ACH_RETURN = "ACH_RETURN", "ACH return"
        REMITTANCE = "REMITTANCE", "Remittance"

    public_id = PublicIdField(prefix="adv")
    facility = models.ForeignKey("access.Facility", on_delete=PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reference = models.CharField(max_length=60)
    references = ArrayField(models.CharField(max_length=60), default=list)
    payer_id = models.CharField(max_length=40, blank=True)
    payer_name = models.CharField(max_length=120, blank=True)
    method = models.CharField(max_length=3, blank=True, help_text="how a remittance is paid: ACH, CHK, FWT")
    batch = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=3, blank=True)
    original = models.CharField(max_length=40, blank=True)
    expected_on = models.DateField()
    file = models.ForeignKey("files.StoredFile", on_delete=PROTECT, null=True, related_name="+")
    recorded_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    bank_confirmed_on = models.DateField(null=True)
    withdrawn_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdraw_reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "kind", "payer_id", "reference"],
                condition=Q(withdrawn_at__isnull=True),
                name="cashiering_advice_once",
            ),
            models.CheckConstraint(condition=~Q(amount_minor=0), name="cashiering_advice_not_zero"),
            models.CheckConstraint(condition=~Q(reference=""), name="cashiering_advice_named"),
            models.CheckConstraint(
                condition=Q(withdrawn_by__isnull=True, withdrawn_at__isnull=True, withdraw_reason="")
                | Q(withdrawn_by__isnull=False, withdrawn_at__isnull=False, bank_confirmed_on__isnull=True)
                & ~Q(withdraw_reason=""),
                name="cashiering_advice_withdrawn_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["facility", "expected_on"],
                condition=Q(bank_confirmed_on__isnull=True, withdrawn_at__isnull=True),
                name="cashiering_advice_awaited",
            ),
            models.Index(fields=["original"], condition=~Q(original=""), name="cashiering_advice_original"),
        ]

    @property
    def state(self) -> str:
        if self.withdrawn_at is not None:
            return "WITHDRAWN"
        return "AWAITING" if self.bank_confirmed_on is None else "CONFIRMED"
