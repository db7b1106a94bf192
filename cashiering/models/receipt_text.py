"""Receipts that were asked for by text message."""

from django.db import models

from hms_ach.ids import PublicIdField
from hms_ach.vault import EncryptedTextField


class ReceiptText(models.Model):
    """One text message with the link to a receipt: owed until sent_at, or given up.

    number        where to, as E.164 writes it; encrypted, and in no log
    consented_at  when whoever has the number agreed to the message; there is none without
    problem       why the last try failed, in the gateway's words; nothing of the person
    """

    public_id = PublicIdField(prefix="rtx")
    payment = models.ForeignKey("cashiering.Payment", on_delete=models.PROTECT, related_name="texts")
    number = EncryptedTextField()
    consented_at = models.DateTimeField()
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    next_try_at = models.DateTimeField(null=True)
    sent_at = models.DateTimeField(null=True)
    problem = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(sent_at__isnull=True) | models.Q(next_try_at__isnull=True),
                name="cashiering_receipt_text_sent_or_due",
            )
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=models.Q(next_try_at__isnull=False),
                name="cashiering_receipt_text_due",
            )
        ]
