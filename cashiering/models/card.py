"""Cards: what the terminal was asked, and the batches the acquirer pays."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class CardBatch(models.Model):
    """The sales of one terminal from one batch close to the next; the acquirer pays it as one sum.

    Where the terminal counted otherwise than we did, somebody else than who closed it finds out why.
    """

    class State(models.TextChoices):
        OPEN = "OPEN", "Open"
        CLOSED = "CLOSED", "Closed"
        SETTLED = "SETTLED", "Paid by the acquirer"

    public_id = PublicIdField(prefix="cba")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(
        "cashiering.MerchantAgreement", on_delete=models.PROTECT, null=True, related_name="+"
    )
    terminal_id = models.CharField(max_length=20)
    number = models.PositiveIntegerField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=10, choices=State, default=State.OPEN)
    opened_on = models.DateField()
    business_on = models.DateField(null=True)
    gross_minor = models.BigIntegerField(null=True)
    sales = models.PositiveIntegerField(null=True)
    terminal_gross_minor = models.BigIntegerField(null=True)
    closed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    expected_on = models.DateField(null=True)
    settled_on = models.DateField(null=True)
    difference_by = models.ForeignKey(
        "access.User", on_delete=models.PROTECT, null=True, related_name="+", help_text="who cleared it up"
    )
    difference_at = models.DateTimeField(null=True)
    difference_reason = models.CharField(max_length=200, blank=True)
    payout = models.ForeignKey(
        "cashiering.Payout",
        on_delete=models.PROTECT,
        null=True,
        related_name="batches",
        help_text="the processor's report that it is paid with",
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(difference_by__isnull=True, difference_at__isnull=True, difference_reason="")
                | Q(difference_by__isnull=False, difference_at__isnull=False)
                & Q(state__in=["CLOSED", "SETTLED"])
                & ~Q(difference_reason="")
                & (Q(closed_by__isnull=True) | ~Q(difference_by=F("closed_by"))),
                name="cashiering_card_batch_difference_by_another",
            ),
            models.UniqueConstraint(fields=["terminal_id", "number"], name="cashiering_card_batch_number"),
            models.UniqueConstraint(
                fields=["terminal_id"],
                condition=Q(state="OPEN"),
                name="cashiering_card_batch_one_open_per_terminal",
            ),
            models.CheckConstraint(
                condition=Q(state="OPEN", gross_minor__isnull=True)
                | Q(
                    state__in=["CLOSED", "SETTLED"],
                    gross_minor__gte=0,
                    business_on__isnull=False,
                    expected_on__isnull=False,
                ),
                name="cashiering_card_batch_closed_with_gross",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.terminal_id}-{self.number:06d}"


class TerminalRequest(models.Model):
    """What a terminal was asked, recorded before the call, and what it answered.

    No card number ever reaches this system: the last four digits, brand and authorisation code do.
    UNKNOWN means that no answer came: ask the terminal again, never repeat the sale.
    """

    class State(models.TextChoices):
        ASKED = "ASKED", "Asked"
        APPROVED = "APPROVED", "Approved"
        DECLINED = "DECLINED", "Declined"
        UNKNOWN = "UNKNOWN", "Unknown"

    class Kind(models.TextChoices):
        SALE = "SALE", "Sale"
        VOID = "VOID", "Void"
        REFUND = "REFUND", "Refund"

    public_id = PublicIdField(prefix="trq")
    key = models.CharField(max_length=80, unique=True)
    register = models.ForeignKey("cashiering.Register", on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey("cashiering.Session", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=6, choices=Kind)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    intent = models.JSONField(default=dict, help_text="the payment this sale is a tender of")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    card_brand = models.CharField(max_length=20, blank=True)
    card_last4 = models.CharField(max_length=4, blank=True)
    auth_code = models.CharField(max_length=20, blank=True)
    message = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_minor__gt=0), name="cashiering_terminal_request_positive"
            ),
            models.CheckConstraint(
                condition=Q(card_last4="") | Q(card_last4__regex=r"^[0-9]{4}$"),
                name="cashiering_terminal_request_last_four_only",
            ),
        ]
