"""A general ledger's own layout: a table of columns or a transform, approved by a second person."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField


class ExportProfile(models.Model):
    """One version of a transform, never changed. The highest approved version of a code counts.

    golden  what the transform made of the sample batch when it was written; it must do so ever after
    """

    class Language(models.TextChoices):
        TABLE = "TABLE", "Table of columns"
        XSLT = "XSLT", "XSLT 1.0"
        JS = "JS", "JavaScript"

    public_id = PublicIdField(prefix="xpf")
    legal_entity = models.ForeignKey("access.LegalEntity", on_delete=models.PROTECT)
    code = models.CharField(max_length=30)
    version = models.PositiveIntegerField()
    language = models.CharField(max_length=5, choices=Language)
    source = models.TextField()
    media_type = models.CharField(max_length=60)
    extension = models.CharField(max_length=8)
    golden = models.BinaryField()
    reason = models.TextField()
    written_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["legal_entity", "code", "version"], name="ledger_exportprofile_version_once"
            ),
            models.CheckConstraint(
                condition=~Q(code="") & ~Q(source="") & ~Q(reason=""), name="ledger_exportprofile_whole"
            ),
            models.CheckConstraint(
                condition=Q(language__in=["TABLE", "XSLT", "JS"]), name="ledger_exportprofile_language_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.version}"


class ExportProfileApproval(models.Model):
    """That somebody who did not write a profile lets it count."""

    profile = models.OneToOneField(ExportProfile, on_delete=models.PROTECT, related_name="approval")
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    approved_at = models.DateTimeField()
