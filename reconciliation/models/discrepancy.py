"""What a person must look at before the day can close."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField
from hms_ach.proposed import Proposed

PROTECT = models.PROTECT


class Discrepancy(models.Model):
    """One thing that does not agree. Closed only by an approved proposal, or by a match.

    amount_minor  signed from the bank's side: what the bank has more than was expected; empty where
                  nobody can know it yet, as for a statement that did not come
    """

    class Kind(models.TextChoices):
        UNMATCHED_CREDIT = "UNMATCHED_CREDIT", "Unmatched bank credit"
        UNMATCHED_DEBIT = "UNMATCHED_DEBIT", "Unmatched bank debit"
        UNMATCHED_DEPOSIT = "UNMATCHED_DEPOSIT", "Unmatched deposit"
        UNMATCHED_CARD_BATCH = "UNMATCHED_CARD_BATCH", "Card batch not at the bank"
        UNMATCHED_PAYMENT = "UNMATCHED_PAYMENT", "Payment not at the bank"
        UNMATCHED_REMITTANCE = "UNMATCHED_REMITTANCE", "Remittance not paid"
        AMOUNT_DIFFERENCE = "AMOUNT_DIFFERENCE", "Amount difference"
        DUPLICATE = "DUPLICATE", "Duplicate"
        RETURNED = "RETURNED", "Return of an earlier line"
        STATEMENT_BALANCE = "STATEMENT_BALANCE", "Statement out of balance"
        STATEMENT_GAP = "STATEMENT_GAP", "Statement not continuous"
        STATEMENT_MISSING = "STATEMENT_MISSING", "Missing statement"
        STATEMENT_ANNOUNCED = "STATEMENT_ANNOUNCED", "Announced, never booked"

    class State(models.TextChoices):
        OPEN = "OPEN", "Open"
        PROPOSED = "PROPOSED", "Waiting for approval"
        APPROVED = "APPROVED", "Closed"
        REJECTED = "REJECTED", "Sent back"

    public_id = PublicIdField(prefix="dis")
    kind = models.CharField(max_length=24, choices=Kind)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    facility = models.ForeignKey("access.Facility", on_delete=PROTECT, related_name="+")
    account = models.ForeignKey("reconciliation.BankAccount", on_delete=PROTECT, null=True, related_name="+")
    line = models.ForeignKey("reconciliation.StatementLine", on_delete=PROTECT, null=True, related_name="+")
    expectation = models.ForeignKey(
        "reconciliation.Expectation", on_delete=PROTECT, null=True, related_name="+"
    )
    statement = models.ForeignKey("reconciliation.Statement", on_delete=PROTECT, null=True, related_name="+")
    due_on = models.DateField()
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3)
    reasons = models.JSONField(default=list)
    owner = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    closed_by_match = models.ForeignKey(
        "reconciliation.Match", on_delete=PROTECT, null=True, related_name="closed_discrepancies"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"],
                condition=Q(state__in=["OPEN", "PROPOSED", "REJECTED"]),
                name="reconciliation_discrepancy_line_once",
            ),
            models.UniqueConstraint(
                fields=["expectation"],
                condition=Q(state__in=["OPEN", "PROPOSED", "REJECTED"]),
                name="reconciliation_discrepancy_item_once",
            ),
            models.UniqueConstraint(
                fields=["statement", "kind"],
                condition=Q(line__isnull=True, state__in=["OPEN", "PROPOSED", "REJECTED"]),
                name="reconciliation_discrepancy_statement_once",
            ),
            models.UniqueConstraint(
                fields=["account", "due_on"],
                condition=Q(kind="STATEMENT_MISSING"),
                name="reconciliation_discrepancy_missing_once",
            ),
            models.CheckConstraint(
                condition=Q(state="APPROVED", closed_at__isnull=False)
                | Q(~Q(state="APPROVED"), closed_at__isnull=True),
                name="reconciliation_discrepancy_closed_when_approved",
            ),
            models.CheckConstraint(
                condition=Q(kind="STATEMENT_MISSING", amount_minor__isnull=True)
                | Q(~Q(kind="STATEMENT_MISSING"), amount_minor__isnull=False),
                name="reconciliation_discrepancy_amount_known",
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "state", "kind"], name="reconciliation_disc_queue"),
        ]


class Proposal(Proposed):
    """What one person proposes for a discrepancy, for another to approve or send back.

    The plan (lines, items, adjustments) and the journal it will post are fixed when it is proposed.

    cause  one of rules.cause, or empty
    score  of the weakest link of a match, as the engine suggested it; empty where it has no view
    """

    class Action(models.TextChoices):
        MATCH = "MATCH", "Match"
        WRITE_OFF = "WRITE_OFF", "Write off"
        SUSPENSE = "SUSPENSE", "Move to suspense"
        RETURN = "RETURN", "Take back the earlier match"
        TRANSFER = "TRANSFER", "Transfer between own accounts"
        ACCEPT = "ACCEPT", "Accept as explained"

    public_id = PublicIdField(prefix="prp")
    discrepancy = models.ForeignKey(Discrepancy, on_delete=PROTECT, related_name="proposals")
    action = models.CharField(max_length=10, choices=Action)
    cause = models.CharField(max_length=20, blank=True)
    reason = models.TextField()
    score = models.PositiveSmallIntegerField(null=True)
    plan = models.JSONField()
    journal = models.JSONField()
    verdict_reason = models.TextField(blank=True)
    match = models.ForeignKey("reconciliation.Match", on_delete=PROTECT, null=True, related_name="proposals")

    class Meta(Proposed.Meta):
        constraints = [
            *Proposed.Meta.constraints,
            models.UniqueConstraint(
                fields=["discrepancy"],
                condition=Q(verdict__isnull=True),
                name="reconciliation_proposal_one_waiting",
            ),
        ]


class Note(models.Model):
    """A remark on a discrepancy. Append-only."""

    discrepancy = models.ForeignKey(Discrepancy, on_delete=PROTECT, related_name="notes")
    text = models.TextField()
    written_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    written_at = models.DateTimeField()


class DiscrepancyFile(models.Model):
    """What proves something about a discrepancy: a letter, a slip, a picture. Append-only."""

    discrepancy = models.ForeignKey(Discrepancy, on_delete=PROTECT, related_name="files")
    file = models.OneToOneField("files.StoredFile", on_delete=PROTECT, related_name="+")
    attached_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    attached_at = models.DateTimeField()
