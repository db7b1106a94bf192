"""Rules that people's decisions taught: proposed with their evidence, tried, approved by another, retired."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField

PROTECT = models.PROTECT


class LearntRule(models.Model):
    """One rule of one account, never changed. rules.learning says what subject and says mean.

    proposed_by  who asked to look for rules; empty for the nightly run
    """

    class Kind(models.TextChoices):
        PAYER = "PAYER", "Who a name stands for"
        FEE = "FEE", "What a processor keeps"
        REFERENCE = "REFERENCE", "How the bank writes references"

    class Verdict(models.TextChoices):
        APPROVED = "APPROVED", "Approved"
        REJECTED = "REJECTED", "Sent back"

    public_id = PublicIdField(prefix="lrn")
    account = models.ForeignKey("reconciliation.BankAccount", on_delete=PROTECT, related_name="rules")
    kind = models.CharField(max_length=9, choices=Kind)
    subject = models.CharField(max_length=160)
    says = models.JSONField()
    proposed_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField()
    verdict = models.CharField(max_length=8, choices=Verdict, null=True)
    verdict_reason = models.CharField(max_length=500, blank=True)
    decided_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    retired_by = models.ForeignKey("access.User", on_delete=PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)
    retire_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(verdict=None, decided_by=None, decided_at=None)
                | Q(verdict__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="reconciliation_learntrule_decided_by_someone",
            ),
            models.CheckConstraint(
                condition=Q(retired_by=None, retired_at=None, retire_reason="")
                | Q(verdict="APPROVED", retired_by__isnull=False, retired_at__isnull=False)
                & ~Q(retire_reason=""),
                name="reconciliation_learntrule_retired_by_someone",
            ),
            models.UniqueConstraint(
                fields=["account", "kind", "subject"],
                condition=Q(verdict="APPROVED", retired_at=None) & ~Q(kind="REFERENCE"),
                name="reconciliation_learntrule_one_in_force",
            ),
            models.UniqueConstraint(
                fields=["account", "kind", "subject", "says"],
                condition=Q(verdict=None) | Q(verdict="APPROVED", retired_at=None),
                name="reconciliation_learntrule_once",
            ),
        ]

    @property
    def state(self) -> str:
        """Where it stands."""
        if self.retired_at is not None:
            return "RETIRED"
        return {None: "PROPOSED", "APPROVED": "ACTIVE"}.get(self.verdict, "REJECTED")


class RuleEvidence(models.Model):
    """A decision of two people that taught the rule. Append-only."""

    rule = models.ForeignKey(LearntRule, on_delete=PROTECT, related_name="evidence")
    proposal = models.ForeignKey("reconciliation.Proposal", on_delete=PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "proposal"], name="reconciliation_ruleevidence_once")
        ]


class RuleTry(models.Model):
    """What the rule would have done to the lines of some days; nothing else was kept. Append-only.

    hits, misses  what was decided as the rule says, and otherwise
    spared        lines that people had to decide and the engine would have matched so by itself
    found         lines still open that the engine would match
    wrong         lines that the engine would have matched otherwise than was decided
    examples      [what of the above, line id], at most fifty, the wrong ones first
    """

    rule = models.ForeignKey(LearntRule, on_delete=PROTECT, related_name="tries")
    from_on = models.DateField()
    to_on = models.DateField()
    line_count = models.PositiveIntegerField()
    hits = models.PositiveIntegerField()
    misses = models.PositiveIntegerField()
    spared = models.PositiveIntegerField()
    found = models.PositiveIntegerField()
    wrong = models.PositiveIntegerField()
    examples = models.JSONField(default=list)
    tried_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    tried_at = models.DateTimeField()


class RuleUse(models.Model):
    """How often the rule came true in one run and in what people decided before it, and how often not.

    Append-only.
    """

    rule = models.ForeignKey(LearntRule, on_delete=PROTECT, related_name="uses")
    run = models.ForeignKey("reconciliation.MatchRun", on_delete=PROTECT, related_name="+")
    hits = models.PositiveIntegerField()
    misses = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rule", "run"], name="reconciliation_ruleuse_once")]
