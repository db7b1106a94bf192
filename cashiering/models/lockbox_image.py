"""A picture of a lockbox's cheque or of a stub that came with it."""

from django.db import models
from django.db.models import Q

PROTECT = models.PROTECT


class LockboxImage(models.Model):
    """What a bank scanned. Written once; the picture itself is a stored file. page: from 1, of its side."""

    class Side(models.TextChoices):
        FRONT = "FRONT", "Front of the cheque"
        BACK = "BACK", "Back of the cheque"
        STUB = "STUB", "Stub"

    cheque = models.ForeignKey("cashiering.LockboxCheque", on_delete=PROTECT, related_name="images")
    side = models.CharField(max_length=5, choices=Side)
    page = models.PositiveSmallIntegerField(default=1)
    file = models.OneToOneField("files.StoredFile", on_delete=PROTECT, related_name="+")
    added_by = models.ForeignKey("access.User", on_delete=PROTECT, related_name="+")
    added_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["cheque", "side", "page"], name="cashiering_lockboximage_once_a_page"
            ),
            models.CheckConstraint(condition=Q(page__gt=0), name="cashiering_lockboximage_page_from_one"),
        ]
