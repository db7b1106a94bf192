"""Receipts that were asked for by e-mail."""

from django.db import models

from hms_ach.ids import PublicIdField
from hms_ach.vault import EncryptedTextField


class ReceiptMail(models.Model):
    """One e-mail with the link to a receipt: owed until sent_at, or given up.

    address  where to; encrypted, and in no log
    """

    public_id = PublicIdField(prefix="rml")
    payment = models.ForeignKey("cashiering.Payment", on_delete=models.PROTECT, related_name="mails")
    address = EncryptedTextField()
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(next_try_at__isnull=True),
                name="cashiering_receipt_mail_sent_or_due",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(next_try_at__isnull=False),
                name="cashiering_receipt_mail_due",
            )
        ]
