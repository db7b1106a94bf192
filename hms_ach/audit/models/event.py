"""What happened: written once by the database function `audit_record`, never changed."""

from django.db import models

from hms_ach.audit.models.transaction_id import TransactionIdField
from hms_ach.ids import PublicIdField


class Event(models.Model):
    """One action of one actor on one subject.

    frozen holds every field as length-prefixed text, and digest = SHA-256(salt, frozen). The
    columns are for searching; the frozen text is the evidence, and verify_audit compares the two.
    The application's role has no INSERT here: the row is made by `audit_record`, which reads the
    transaction id and the epoch itself.
    """

    public_id = PublicIdField(prefix="aud")
    epoch = models.PositiveIntegerField()
    transaction = TransactionIdField()
    at = models.DateTimeField()
    action = models.CharField(max_length=80)
    actor = models.ForeignKey(
        "access.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    on_behalf_of = models.ForeignKey(
        "access.User", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    subject_kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    facility = models.ForeignKey(
        "access.Facility", on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    request_id = models.CharField(max_length=80)
    reason = models.TextField()
    before = models.JSONField(null=True)
    after = models.JSONField(null=True)
    frozen = models.TextField()
    salt = models.BinaryField()
    digest = models.BinaryField()

    class Meta:
        permissions = [("verify_audit", "May verify and export the audit trail")]
        indexes = [
            models.Index(fields=["subject", "at", "id"], name="audit_event_subject"),
            models.Index(fields=["actor", "at", "id"], name="audit_event_actor"),
            models.Index(fields=["action", "at", "id"], name="audit_event_action"),
            models.Index(fields=["facility", "at", "id"], name="audit_event_facility"),
            models.Index(fields=["at", "id"], name="audit_event_at"),
            models.Index(fields=["epoch", "transaction", "id"], name="audit_event_sealing_order"),
        ]
