"""A file and its bytes, in pieces."""

from django.db import models
from django.db.models import Q

from hms_ach.ids import PublicIdField


class StoredFile(models.Model):
    """An original as received, or a document as sent. Append-only; name is for people only."""

    public_id = PublicIdField(prefix="fil")
    kind = models.CharField(max_length=40)
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, null=True, related_name="+")
    created_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(sha256__regex=r"^[0-9a-f]{64}$"), name="files_storedfile_sha256_is_hex"
            )
        ]

    @property
    def is_picture(self) -> bool:
        """Whether browsers show it in a page; other kinds are taken out as files."""
        return self.media_type in ("image/png", "image/jpeg")


class Chunk(models.Model):
    """A piece of a file, at most 256 KiB. Written before its file's row, in the same transaction."""

    file = models.ForeignKey(
        StoredFile, to_field="public_id", on_delete=models.PROTECT, related_name="chunks", db_index=False
    )
    ordinal = models.PositiveIntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "ordinal"], name="files_chunk_ordinal_in_file")
        ]
