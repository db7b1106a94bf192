"""Matches that a pass made and a person looks at again, to know how right the engine is."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField


class MatchSample(models.Model):
    """What was drawn for one facility and day, and from what, so that anyone may draw it again. Append-only.

    seed        of the draw (rules.sampling.draw over the ids of the day's automatic matches)
    population  how many matches each pass made that day
    """

    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    made_on = models.DateField()
    seed = models.BigIntegerField()
    population = models.JSONField()
    drawn_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "made_on"], name="reconciliation_matchsample_once_a_day"
            )
        ]


class SampledMatch(models.Model):
    """One drawn match, and what a person who made nothing in it says of it. Judged once."""

    public_id = PublicIdField(prefix="smp")
    sample = models.ForeignKey(MatchSample, on_delete=models.PROTECT, related_name="drawn")
    match = models.OneToOneField("reconciliation.Match", on_delete=models.PROTECT, related_name="sampled")
    pass_name = models.CharField(max_length=30)
    is_right = models.BooleanField(null=True)
    note = models.CharField(max_length=500, blank=True)
    judged_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(is_right__isnull=True, judged_by__isnull=True, judged_at__isnull=True)
                | Q(is_right__isnull=False, judged_by__isnull=False, judged_at__isnull=False),
                name="reconciliation_sampledmatch_judged_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(is_right=False) | ~Q(note=""), name="reconciliation_sampledmatch_wrong_says_why"
            ),
        ]
        indexes = [models.Index(fields=["pass_name", "is_right"], name="reconciliation_sampled_pass")]
