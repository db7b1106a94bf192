"""What people said of a bank account's checklist, and what another person said of that."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField
from reconciliation.rules.certification import ITEMS

PROTECT = models.PROTECT


class CertificationClaim(models.Model):
    """One person says that an item of an account's checklist is done, is not needed, or is open again.

    Decided once by another person, never changed: what becomes of an item later is another row. That an
    item is open again needs nobody's consent.

    done_on    the day on which it was done; of the go-live date, that date
    details    what the item asks for by name, such as the bank's contact
    proof      what the system saw by itself, in words; the statement or delivery behind it
    """

    class Outcome(models.TextChoices):
        DONE = "DONE", "Done"
        NOT_NEEDED = "NOT_NEEDED", "Not needed"
        REOPENED = "REOPENED", "Open again"

    class Verdict(models.TextChoices):
        CONFIRMED = "CONFIRMED", "Confirmed"
        SENT_BACK = "SENT_BACK", "Sent back"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    public_id = PublicIdField(prefix="cer")
    account = models.ForeignKey("reconciliation.BankAccount", on_delete=PROTECT, related_name="claims")
    item = models.CharField(max_length=20)
    outcome = models.CharField(max_length=10, choices=Outcome)
    done_on = models.DateField()
    note = models.CharField(max_length=1000, blank=True)
    details = models.JSONField(default=dict)
    file = models.ForeignKey("files.StoredFile", on_delete=PROTECT, null=True, related_name="+")
    proof = models.CharField(max_length=300, blank=True)
    statement = models.ForeignKey("reconciliation.Statement", on_delete=PROTECT, null=True, related_name="+")
    delivery = models.ForeignKey(
        "reconciliation.BankDelivery", on_delete=PROTECT, null=True, related_name="+"
    )
    claimed_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    claimed_at = models.DateTimeField()
    verdict = models.CharField(max_length=10, choices=Verdict, null=True)
    verdict_reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(item__in=sorted(ITEMS)), name="reconciliation_certificationclaim_item_known"
            ),
            models.CheckConstraint(
                condition=Q(outcome="DONE")
                & (~Q(note="") | ~Q(proof="") | Q(file__isnull=False) | ~Q(details={}))
                | Q(outcome__in=["NOT_NEEDED", "REOPENED"]) & ~Q(note=""),
                name="reconciliation_certificationclaim_has_evidence",
            ),
            models.CheckConstraint(
                condition=Q(verdict=None)
                | Q(verdict="WITHDRAWN", decided_by=F("claimed_by"))
                | Q(verdict__in=["CONFIRMED", "SENT_BACK"]) & ~Q(decided_by=F("claimed_by")),
                name="reconciliation_certificationclaim_two_people",
            ),
            models.CheckConstraint(
                condition=Q(verdict=None, decided_by=None, decided_at=None)
                | Q(verdict__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="reconciliation_certificationclaim_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="REOPENED") | Q(verdict=None),
                name="reconciliation_certificationclaim_reopened_is_so",
            ),
            models.UniqueConstraint(
                fields=["account", "item"],
                condition=Q(verdict=None) & ~Q(outcome="REOPENED"),
                name="reconciliation_certificationclaim_one_waiting",
            ),
        ]
