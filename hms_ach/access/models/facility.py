"""The containers of everything that moves money: legal entity, facility, department."""

from datetime import time

from django.db import models


class LegalEntity(models.Model):
    """A company with its own books. Entries never cross it."""

    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=120)
    functional_currency = models.CharField(max_length=3, default="USD")
    country = models.CharField(max_length=2, default="US")

    def __str__(self) -> str:
        return self.name


class Facility(models.Model):
    """A hospital or clinic. People are granted facilities; its zone and cut-off make its business day."""

    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.PROTECT, related_name="facilities")
    code = models.CharField(max_length=10, unique=True)
    name = models.CharField(max_length=120)
    address = models.TextField(blank=True)
    timezone = models.CharField(max_length=40, default="America/New_York")
    business_day_cutoff = models.TimeField(default=time(4, 0))
    currency = models.CharField(max_length=3, default="USD")

    class Meta:
        permissions = [("work_in_facility", "May work in the facility")]

    def __str__(self) -> str:
        return self.name


class Department(models.Model):
    """A cost or revenue centre of a facility."""

    facility = models.ForeignKey(Facility, on_delete=models.PROTECT, related_name="departments")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=120)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "code"], name="access_department_code_in_facility")
        ]

    def __str__(self) -> str:
        return self.name
