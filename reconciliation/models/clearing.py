"""How money in suspense finds its place: proposed by one person, approved by another."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField
from hms_ach.proposed import Proposed

PROTECT = models.PROTECT


class SuspenseClearing(Proposed):
    """What one item of suspense turned out to be, wholly or in part.

    reference     the item, as its postings on suspense name it
    amount_minor  as posted to suspense: a debit, which is positive, clears money that came in
    document      public id of the invoice or patient it belongs to, source of the expected item that it is;
                  empty for other purposes. Of another entity's money an invoice of theirs that it pays;
                  without one it lies in the owner's suspense until they know what it is
    owner         the facility of another legal entity whose money it is (trigger in 0024)
    proposed_by   None for what the nightly run proves by references: whoever approves is the second
    match         of an expected item, once it is approved
    """

    class Purpose(models.TextChoices):
        INVOICE = "INVOICE", "Pays an invoice"
        EXPECTED = "EXPECTED", "Was expected all along"
        ON_ACCOUNT = "ON_ACCOUNT", "Kept on a patient's account"
        AFFILIATE = "AFFILIATE", "Another legal entity's money"
        GIVE_BACK = "GIVE_BACK", "To be given back"
        INCOME = "INCOME", "Other income"
        FEE = "FEE", "Bank or merchant fee"
        WRITE_OFF = "WRITE_OFF", "Written off"

    public_id = PublicIdField(prefix="scl")
    facility = models.ForeignKey("access.Facility", on_delete=PROTECT, related_name="+")
    reference = models.CharField(max_length=80)
    purpose = models.CharField(max_length=10, choices=Purpose)
    owner = models.ForeignKey("access.Facility", on_delete=PROTECT, null=True, related_name="+")
    document = models.CharField(max_length=40, blank=True)
    amount_minor = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.CharField(max_length=500)
    proposed_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")  # type: ignore[assignment]
    verdict_reason = models.CharField(max_length=500, blank=True)
    match = models.OneToOneField(
        "reconciliation.Match", on_delete=PROTECT, null=True, related_name="clearing"
    )

    class Meta(Proposed.Meta):
        constraints = [
            *Proposed.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(amount_minor=0), name="reconciliation_suspenseclearing_not_zero"
            ),
            models.CheckConstraint(
                condition=Q(purpose__in=["INVOICE", "ON_ACCOUNT", "EXPECTED"], amount_minor__gt=0)
                & ~Q(document="")
                | Q(purpose="AFFILIATE", amount_minor__gt=0)
                | Q(purpose__in=["GIVE_BACK", "INCOME"], amount_minor__gt=0, document="")
                | Q(purpose__in=["FEE", "WRITE_OFF"], amount_minor__lt=0, document=""),
                name="reconciliation_suspenseclearing_purpose_fits",
            ),
            models.CheckConstraint(
                condition=Q(purpose="AFFILIATE", owner__isnull=False)
                | Q(~Q(purpose="AFFILIATE"), owner__isnull=True),
                name="reconciliation_suspenseclearing_names_owner",
            ),
            models.CheckConstraint(
                condition=Q(proposed_by__isnull=False) | Q(purpose__in=["INVOICE", "EXPECTED"]),
                name="reconciliation_suspenseclearing_run_proves",
            ),
            models.UniqueConstraint(
                fields=["facility", "reference", "currency"],
                condition=Q(verdict__isnull=True),
                name="reconciliation_suspenseclearing_one_waiting",
            ),
        ]
