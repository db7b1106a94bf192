"""The cash book as it was written: a page a facility and day, a line a place, tender and currency."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class CashBookPage(models.Model):
    """A day of a facility's cash book, written once: when its money was handed on for the first time.

    deposit  the bag whose handover wrote it; null when a person wrote it on the page
    number   without gaps in the facility and year
    """

    public_id = PublicIdField(prefix="cbp")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    business_on = models.DateField()
    number = models.PositiveIntegerField()
    deposit = models.ForeignKey(
        "cashiering.Deposit", on_delete=models.PROTECT, null=True, related_name="cash_book_pages"
    )
    written_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["facility", "business_on"], name="cashiering_cash_book_page_once")
        ]

    def __str__(self) -> str:
        return f"{self.business_on.year}-{self.number}"


class CashBookLine(models.Model):
    """What one place held of one tender in one currency at the day's start and end, and how it moved.

    role        the account role behind it: cash.drawer, cash.safe, cheque.drawer, card. or transfer.clearing
    register    null for the safe, and for what came without a register
    department  whose register it was on that day; null where it has none
    Amounts are debit positive: what left is below zero.
    """

    page = models.ForeignKey(CashBookPage, on_delete=models.PROTECT, related_name="lines")
    role = models.CharField(max_length=40)
    register = models.ForeignKey("cashiering.Register", on_delete=models.PROTECT, null=True, related_name="+")
    department = models.ForeignKey("access.Department", on_delete=models.PROTECT, null=True, related_name="+")
    currency = models.CharField(max_length=3)
    opening_minor = models.BigIntegerField()
    receipts_minor = models.BigIntegerField()
    payments_minor = models.BigIntegerField()
    handed_minor = models.BigIntegerField()
    deposits_minor = models.BigIntegerField()
    other_minor = models.BigIntegerField()
    closing_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["page", "role", "register", "currency"],
                name="cashiering_cash_book_line_once",
                nulls_distinct=False,
            ),
            models.CheckConstraint(
                condition=Q(
                    closing_minor=F("opening_minor")
                    + F("receipts_minor")
                    + F("payments_minor")
                    + F("handed_minor")
                    + F("deposits_minor")
                    + F("other_minor")
                ),
                name="cashiering_cash_book_line_adds_up",
            ),
        ]
