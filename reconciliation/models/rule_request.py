"""A try of a learnt rule that somebody asked for, until the worker has made it."""

from django.db import models
from django.db.models import Q

PROTECT = models.PROTECT


class RuleRequest(models.Model):
    """What the worker still owes: the row is the truth, the queue only a hint.

    answer   the try, once it is made
    problem  why there is none, in words
    """

    rule = models.ForeignKey("reconciliation.LearntRule", on_delete=PROTECT, related_name="requests")
    asked_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.OneToOneField("reconciliation.RuleTry", on_delete=PROTECT, null=True, related_name="+")
    problem = models.CharField(max_length=200, blank=True)
    answered_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rule"],
                condition=Q(answered_at=None),
                name="reconciliation_rulerequest_one_waiting",
            ),
            models.CheckConstraint(
                condition=Q(answered_at=None, answer=None, problem="")
                | Q(answered_at__isnull=False, answer__isnull=False, problem="")
                | Q(answered_at__isnull=False, answer=None) & ~Q(problem=""),
                name="reconciliation_rulerequest_answered_once",
            ),
        ]
