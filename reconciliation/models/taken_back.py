"""Matches that take an earlier one back: a return, a reversal."""

from django.db import models

PROTECT = models.PROTECT


class TakenBack(models.Model):
    """A match whose line takes back what an earlier match's line brought. Append-only.

    An earlier match is taken back once, until the match that did so is undone.
    """

    match = models.OneToOneField("reconciliation.Match", on_delete=PROTECT, related_name="takes_back")
    original = models.ForeignKey("reconciliation.Match", on_delete=PROTECT, related_name="taken_back_by")
