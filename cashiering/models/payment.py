"""Money received: the payment, how it was tendered, which invoices it pays."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField
from hms_ach.money import Money


class Payment(models.Model):
    """A receipt. Written once; a void is another row that points at it.

    The receipt number runs without gaps in its series: one a register and year, and one a
    facility and year for payments that come through the API.
    """

    public_id = PublicIdField(prefix="pay")
    key = models.CharField(max_length=80, unique=True)
    content_hash = models.CharField(max_length=64)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    session = models.ForeignKey(
        "cashiering.Session", on_delete=models.PROTECT, null=True, related_name="payments"
    )
    receipt_number = models.CharField(max_length=40)
    patient = models.ForeignKey("billing.Patient", on_delete=models.PROTECT, null=True, related_name="+")
    currency = models.CharField(max_length=3)
    total_minor = models.BigIntegerField()
    unapplied_minor = models.BigIntegerField(default=0)
    rounding_minor = models.BigIntegerField(
        default=0,
        help_text="what cash paid beyond what was due, for want of a smaller coin; below zero: less",
    )
    business_on = models.DateField()
    taken_at = models.DateTimeField()
    taken_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "receipt_number"], name="cashiering_payment_receipt_in_facility"
            ),
            models.CheckConstraint(condition=Q(total_minor__gt=0), name="cashiering_payment_positive"),
            models.CheckConstraint(
                condition=Q(
                    unapplied_minor__gte=0, unapplied_minor__lte=F("total_minor") - F("rounding_minor")
                ),
                name="cashiering_payment_unapplied_within_total",
            ),
        ]
        indexes = [
            models.Index(fields=["facility", "-business_on", "-id"], name="cashiering_payment_day"),
            models.Index(fields=["patient", "-id"], name="cashiering_payment_patient"),
        ]

    def __str__(self) -> str:
        return self.receipt_number


class Tender(models.Model):
    """One way a payment was made. What was given never changes; where it went next may.

    Amounts are in the payment's currency. Of foreign cash tendered_minor is what foreign_minor was worth at
    exchange_rate; its change is given in the payment's currency.
    """

    class Kind(models.TextChoices):
        CASH = "CASH", "Cash"
        CARD = "CARD", "Card"
        CHEQUE = "CHEQUE", "Cheque"
        TRANSFER = "TRANSFER", "Transfer"
        ACCOUNT = "ACCOUNT", "Money on account"

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="tenders")
    line = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=10, choices=Kind)
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    tendered_minor = models.BigIntegerField()
    change_minor = models.BigIntegerField(default=0)
    foreign_currency = models.CharField(max_length=3, blank=True, help_text="of cash that is not ours")
    foreign_minor = models.BigIntegerField(null=True, help_text="what was handed over, in that currency")
    exchange_rate = models.ForeignKey(
        "ledger.ExchangeRate", on_delete=models.PROTECT, null=True, related_name="+"
    )
    short_minor = models.BigIntegerField(
        default=0, help_text="what cash paid less than was due for want of a smaller coin"
    )
    refunded_minor = models.BigIntegerField(default=0, help_text="held by refunds that are not rejected")
    reference = models.CharField(max_length=60, blank=True)
    cheque_bank = models.CharField(max_length=60, blank=True)
    card_brand = models.CharField(max_length=20, blank=True)
    card_last4 = models.CharField(max_length=4, blank=True)
    auth_code = models.CharField(max_length=20, blank=True)
    is_wallet = models.BooleanField(default=False, help_text="a card in a telephone or watch")
    is_health_account = models.BooleanField(default=False, help_text="a card of an HSA or FSA")
    credit = models.ForeignKey(
        "cashiering.Credit", on_delete=models.PROTECT, null=True, related_name="tenders"
    )
    terminal_request = models.OneToOneField(
        "cashiering.TerminalRequest", on_delete=models.PROTECT, null=True, related_name="tender"
    )
    card_batch = models.ForeignKey(
        "cashiering.CardBatch", on_delete=models.PROTECT, null=True, related_name="tenders"
    )
    deposit = models.ForeignKey(
        "cashiering.Deposit", on_delete=models.PROTECT, null=True, related_name="cheques"
    )
    ticked_at = models.DateTimeField(null=True)
    bank_confirmed_on = models.DateField(null=True)

    @property
    def handed_over(self) -> Money:
        """What the payer gave, in its own currency."""
        if self.foreign_currency:
            return Money(self.foreign_minor or 0, self.foreign_currency)
        return Money(self.tendered_minor, self.currency)

    @property
    def drawer_minor(self) -> int:
        """What cash did to the drawer in the payment's own currency: foreign notes only take change out."""
        return -self.change_minor if self.foreign_currency else self.amount_minor

    @property
    def refundable_minor(self) -> int:
        """What may still go back: all that it paid, which cash may have paid with a little less."""
        return self.amount_minor + self.short_minor - self.refunded_minor

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "line"], name="cashiering_tender_line"),
            models.CheckConstraint(
                condition=Q(foreign_currency="", foreign_minor__isnull=True, exchange_rate__isnull=True)
                | Q(kind="CASH", foreign_minor__gt=0, exchange_rate__isnull=False)
                & ~Q(foreign_currency="")
                & ~Q(foreign_currency=F("currency")),
                name="cashiering_tender_foreign_is_cash_at_a_rate",
            ),
            models.CheckConstraint(
                condition=Q(amount_minor=F("tendered_minor") - F("change_minor"), amount_minor__gt=0),
                name="cashiering_tender_amount_is_tendered_less_change",
            ),
            models.CheckConstraint(
                condition=Q(
                    refunded_minor__gte=0,
                    short_minor__gte=0,
                    refunded_minor__lte=F("amount_minor") + F("short_minor"),
                ),
                name="cashiering_tender_refunded_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(change_minor=0) | Q(change_minor__gt=0, kind="CASH"),
                name="cashiering_tender_change_from_cash_only",
            ),
            models.CheckConstraint(
                condition=~Q(kind="CARD") | Q(card_batch__isnull=False),
                name="cashiering_tender_card_in_batch",
            ),
            models.CheckConstraint(
                condition=~Q(kind="CHEQUE") | (~Q(reference="") & ~Q(cheque_bank="")),
                name="cashiering_tender_cheque_has_number_and_bank",
            ),
            models.CheckConstraint(
                condition=Q(kind="ACCOUNT", credit__isnull=False)
                | (~Q(kind="ACCOUNT") & Q(credit__isnull=True)),
                name="cashiering_tender_account_draws_a_credit",
            ),
            models.CheckConstraint(
                condition=Q(kind="CARD") | Q(is_wallet=False, is_health_account=False),
                name="cashiering_tender_flags_of_cards_only",
            ),
        ]
        indexes = [
            models.Index(
                fields=["payment"],
                condition=Q(kind="CHEQUE", deposit__isnull=True),
                name="cashiering_cheques_here",
            ),
            models.Index(
                fields=["id"],
                condition=Q(kind="TRANSFER", bank_confirmed_on__isnull=True),
                name="cashiering_transfers_due",
            ),
        ]


class Allocation(models.Model):
    """What one payment pays of one invoice. Written once."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="allocations")
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="+")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "invoice"], name="cashiering_allocation_once"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="cashiering_allocation_positive"),
        ]


class VoidRequest(models.Model):
    """A cashier's wish to void a payment above the limit; another person decides."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="void_request")
    reason = models.CharField(max_length=200)
    requested_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()


class PaymentVoid(models.Model):
    """A payment undone in its own session. The receipt and its number stay. Written once."""

    payment = models.OneToOneField(Payment, on_delete=models.PROTECT, related_name="void")
    reason = models.CharField(max_length=200)
    voided_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    voided_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="cashiering_payment_void_has_reason"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("voided_by")),
                name="cashiering_payment_void_approver_not_maker",
            ),
        ]


class Reprint(models.Model):
    """A duplicate of a receipt: which one, and by whom. Written once."""

    payment = models.ForeignKey(Payment, on_delete=models.PROTECT, related_name="reprints")
    number = models.PositiveSmallIntegerField()
    printed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    printed_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["payment", "number"], name="cashiering_reprint_number")
        ]
