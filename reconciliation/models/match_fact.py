"""What the matches by reference of a run taught."""

from django.db import models


class MatchFact(models.Model):
    """So many matches of one line and one item had these in common. Append-only.

    Later runs learn from them how late each kind comes, which kinds go together, and who pays.

    line_kind  the bank's code; who: the counterparty as the engine compares it
    lag        days from the expected day to the booking day
    """

    account = models.ForeignKey(
        "reconciliation.BankAccount", on_delete=models.PROTECT, related_name="+", db_index=False
    )
    line_kind = models.TextField()
    who = models.TextField()
    unit_kind = models.TextField()
    payer = models.TextField()
    lag = models.IntegerField()
    count = models.PositiveIntegerField()

    class Meta:
        indexes = [models.Index(fields=["account", "id"], name="reconciliation_fact_newest")]
        constraints = [
            models.CheckConstraint(condition=models.Q(count__gt=0), name="reconciliation_matchfact_counts")
        ]
