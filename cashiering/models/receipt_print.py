"""Receipts that go to the network printer of a register."""

from django.db import models
from django.db.models import Q


class ReceiptPrint(models.Model):
    """One receipt on one printer: owed until it was handed over, or given up.

    duplicate     0 for the original, otherwise the number of the reprint
    opens_drawer  whether the drawer springs open with it: the original of a payment with cash
    """

    class State(models.TextChoices):
        ASKED = "ASKED", "Asked"
        SENDING = "SENDING", "Sending"
        PRINTED = "PRINTED", "Printed"
        FAILED = "FAILED", "Failed"

    payment = models.ForeignKey("cashiering.Payment", on_delete=models.PROTECT, related_name="prints")
    register = models.ForeignKey("cashiering.Register", on_delete=models.PROTECT, related_name="+")
    duplicate = models.PositiveSmallIntegerField(default=0)
    opens_drawer = models.BooleanField(default=False)
    asked_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.ASKED)
    next_try_at = models.DateTimeField(null=True)
    printed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "duplicate"], name="cashiering_receipt_print_once"),
            models.CheckConstraint(
                condition=Q(state="ASKED", next_try_at__isnull=False)
                | ~Q(state="ASKED") & Q(next_try_at__isnull=True),
                name="cashiering_receipt_print_asked_is_due",
            ),
            models.CheckConstraint(
                condition=Q(state="PRINTED", printed_at__isnull=False)
                | ~Q(state="PRINTED") & Q(printed_at__isnull=True),
                name="cashiering_receipt_print_printed_has_moment",
            ),
            models.CheckConstraint(
                condition=Q(opens_drawer=False) | Q(duplicate=0),
                name="cashiering_receipt_print_duplicate_opens_no_drawer",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_try_at"],
                condition=Q(next_try_at__isnull=False),
                name="cashiering_receipt_print_due",
            )
        ]
