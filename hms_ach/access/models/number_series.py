"""Counters behind gap-free document numbers."""

from django.db import models


class NumberSeries(models.Model):
    """The last number used of a series; moved only by `hms_ach.sql.next_number`, under its row lock."""

    series = models.CharField(max_length=60)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT)
    year = models.PositiveIntegerField()
    last_number = models.PositiveBigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["series", "facility", "year"], name="access_number_series_key")
        ]
