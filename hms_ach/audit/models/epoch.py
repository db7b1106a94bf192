"""Restores of the database into a new cluster."""

from django.db import models


class Epoch(models.Model):
    """A stretch of history with one count of transaction ids; a restore elsewhere starts the next."""

    number = models.PositiveIntegerField(primary_key=True)
    started_at = models.DateTimeField()
    reason = models.TextField()
