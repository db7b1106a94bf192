"""Which lines settle which expected items, and why."""

from django.db import models

from hms_ach.ids import PublicIdField


class MatchRun(models.Model):
    """One run of the matching passes over one account, with what each pass did.

    lessons  what it taught, for later runs (engine/lessons.py)
    """

    account = models.ForeignKey("reconciliation.BankAccount", on_delete=models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField()
    passes = models.JSONField(default=list)
    lessons = models.JSONField(default=dict, db_default={})

    class Meta:
        indexes = [
            models.Index(
                fields=["account", "id"], condition=~models.Q(lessons={}), name="reconciliation_run_taught"
            )
        ]


class Match(models.Model):
    """Lines, expected items and adjustments that belong together. Append-only.

    One statement writes a match with all its parts, and at its end the database checks the counts
    below and that lines + adjustments (debits positive) = expected items; no part is added later.
    made_by is empty for a match that a pass made; a person's match comes from an approved proposal.

    What a match and its parts point at never goes away, so that their existence is checked once for
    all rows of a statement, by the triggers that check the sums; a hundred thousand matches would
    otherwise fire six hundred thousand checks at commit. A part's undo is checked when the part is given one.

    considered  what else was looked at: [what, how many or which, why it was not taken]
    """

    public_id = PublicIdField(prefix="mat")
    account = models.ForeignKey(
        "reconciliation.BankAccount", on_delete=models.PROTECT, related_name="matches", db_constraint=False
    )
    run = models.ForeignKey(
        MatchRun, on_delete=models.PROTECT, null=True, related_name="matches", db_constraint=False
    )
    pass_name = models.CharField(max_length=30)
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    considered = models.JSONField(default=list)
    currency = models.CharField(max_length=3)
    line_count = models.PositiveIntegerField()
    item_count = models.PositiveIntegerField()
    adjustment_count = models.PositiveIntegerField()
    effective_on = models.DateField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        "access.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(score__lte=100), name="reconciliation_match_score_within_100"
            ),
            models.CheckConstraint(
                condition=models.Q(run__isnull=False) | models.Q(made_by__isnull=False),
                name="reconciliation_match_has_maker",
            ),
        ]
        indexes = [
            models.Index(
                fields=["made_by"],
                condition=models.Q(made_by__isnull=False),
                name="reconciliation_match_made_by",
            )
        ]


class MatchPosting(models.Model):
    """The entry of a match. A match without this row is still owed to the book. Append-only."""

    match = models.OneToOneField(Match, on_delete=models.PROTECT, related_name="posting")
    entry_key = models.CharField(max_length=80)
    posted_at = models.DateTimeField()


class MatchUndo(models.Model):
    """Someone took a match back, with the reason; its entry was reversed. Append-only."""

    match = models.OneToOneField(Match, on_delete=models.PROTECT, related_name="undo")
    reason = models.TextField()
    undone_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    undone_at = models.DateTimeField()


class MatchLine(models.Model):
    """A bank line in a match. A line is in one match at most, until that match is undone."""

    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="lines", db_constraint=False)
    line = models.ForeignKey(
        "reconciliation.StatementLine",
        on_delete=models.PROTECT,
        related_name="matched",
        db_constraint=False,
        db_index=False,
    )
    undo = models.ForeignKey(
        MatchUndo, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line"], condition=models.Q(undo__isnull=True), name="reconciliation_match_line_once"
            ),
        ]
        indexes = [
            models.Index(
                fields=["line"], condition=models.Q(undo__isnull=False), name="reconciliation_line_taken_back"
            ),
        ]


class MatchItem(models.Model):
    """An expected item in a match, whole. It is in one match at most, until that match is undone."""

    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="items", db_constraint=False)
    expectation = models.ForeignKey(
        "reconciliation.Expectation",
        on_delete=models.PROTECT,
        related_name="matched",
        db_constraint=False,
        db_index=False,
    )
    undo = models.ForeignKey(
        MatchUndo, on_delete=models.PROTECT, null=True, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["expectation"],
                condition=models.Q(undo__isnull=True),
                name="reconciliation_match_item_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["expectation"],
                condition=models.Q(undo__isnull=False),
                name="reconciliation_item_taken_back",
            ),
        ]


class MatchAdjustment(models.Model):
    """The part of a match that is neither line nor item: a fee, a write-off, suspense. Append-only.

    amount_minor  as posted: a debit is positive
    """

    match = models.ForeignKey(Match, on_delete=models.PROTECT, related_name="adjustments")
    role = models.CharField(max_length=40)
    amount_minor = models.BigIntegerField()
    reference = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(amount_minor=0), name="reconciliation_match_adjustment_not_zero"
            ),
        ]
        # What lies in suspense is summed for the tie-out: few of very many.
        indexes = [
            models.Index(
                fields=["match"],
                condition=models.Q(role="suspense.unidentified"),
                name="reconciliation_to_suspense",
            )
        ]


class Suggestion(models.Model):
    """A pair that a pass would not accept by itself, with its reasons and what spoke against it.

    Thrown away and made again by every run; it proves nothing.
    """

    account = models.ForeignKey("reconciliation.BankAccount", on_delete=models.CASCADE, related_name="+")
    line = models.ForeignKey(
        "reconciliation.StatementLine", on_delete=models.CASCADE, related_name="suggestions"
    )
    expectation = models.ForeignKey(
        "reconciliation.Expectation", on_delete=models.CASCADE, related_name="suggestions"
    )
    pass_name = models.CharField(max_length=30)
    score = models.PositiveSmallIntegerField()
    reasons = models.JSONField(default=list)
    against = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line", "expectation"], name="reconciliation_suggestion_once"),
        ]
