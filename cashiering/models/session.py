"""One cashier at one drawer, from the opening count to the bank."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField
from hms_ach.money import Money


class Session(models.Model):
    """A cashier's custody of a drawer.

    cash_minor is the drawer's expectation: it moves only in the transaction that writes the
    detail row, by an F() expression. It is never shown before the count is committed, and it may go
    below zero: refusing to move more would tell how much there should be. A forced session has no
    count: unknown, not zero. A rescue session takes one payment that came after the close.
    """

    class State(models.TextChoices):
        OPENING = "OPENING", "Opening"
        OPEN = "OPEN", "Open"
        SUSPENDED = "SUSPENDED", "Suspended"
        COUNTING = "COUNTING", "Counting"
        RECOUNT = "RECOUNT", "Recount"
        FORCED = "FORCED", "Forced, not counted"
        VARIANCE_PENDING = "VARIANCE_PENDING", "Variance to approve"
        BALANCED = "BALANCED", "Counted"
        APPROVED = "APPROVED", "Approved"
        DEPOSITED = "DEPOSITED", "Deposited"
        BANK_CONFIRMED = "BANK_CONFIRMED", "Confirmed by bank"

    IN_CUSTODY = ("OPENING", "OPEN", "SUSPENDED", "COUNTING", "RECOUNT")
    COUNTED = ("VARIANCE_PENDING", "BALANCED", "APPROVED", "DEPOSITED", "BANK_CONFIRMED")

    public_id = PublicIdField(prefix="ses")
    number = models.CharField(max_length=40)
    register = models.ForeignKey("cashiering.Register", on_delete=models.PROTECT, related_name="sessions")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    cashier = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    business_on = models.DateField()
    currency = models.CharField(max_length=3)
    state = models.CharField(max_length=20, choices=State, default=State.OPENING)
    is_rescue = models.BooleanField(default=False)
    cash_minor = models.BigIntegerField(default=0)
    counted_minor = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)
    forced_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    forced_reason = models.CharField(max_length=200, blank=True)
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["register"],
                condition=Q(
                    is_rescue=False,
                    state__in=["OPENING", "OPEN", "SUSPENDED", "COUNTING", "RECOUNT", "FORCED"],
                ),
                name="cashiering_session_one_per_drawer",
            ),
            models.UniqueConstraint(
                fields=["cashier"],
                condition=Q(
                    is_rescue=False, state__in=["OPENING", "OPEN", "SUSPENDED", "COUNTING", "RECOUNT"]
                ),
                name="cashiering_session_one_per_cashier",
            ),
            models.UniqueConstraint(
                fields=["register", "number"], name="cashiering_session_number_in_register"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("cashier")),
                name="cashiering_session_approver_not_cashier",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | Q(forced_by__isnull=True)
                | ~Q(approved_by=F("forced_by")),
                name="cashiering_session_approver_not_forcer",
            ),
            models.CheckConstraint(
                condition=Q(forced_by__isnull=True) | ~Q(forced_by=F("cashier")),
                name="cashiering_session_forcer_not_cashier",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["OPENING", "OPEN", "SUSPENDED", "COUNTING", "RECOUNT", "FORCED"],
                    counted_minor__isnull=True,
                )
                | Q(
                    state__in=["VARIANCE_PENDING", "BALANCED", "APPROVED", "DEPOSITED", "BANK_CONFIRMED"],
                    counted_minor__isnull=False,
                    closed_at__isnull=False,
                ),
                name="cashiering_session_counted_when_closed",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["APPROVED", "DEPOSITED", "BANK_CONFIRMED"])
                | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="cashiering_session_approved_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="FORCED") | (Q(forced_by__isnull=False) & ~Q(forced_reason="")),
                name="cashiering_session_forced_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["facility", "business_on"], name="cashiering_session_day")]

    def __str__(self) -> str:
        return self.number


class Count(models.Model):
    """A counted drawer, by denomination. Written once; a recount is another row.

    confirmed_by  who else saw the opening count and agreed to it, by PIN or BADGE (confirmed_way)
    """

    class Kind(models.TextChoices):
        OPENING = "OPENING", "Opening count"
        CLOSING = "CLOSING", "Closing count"
        RECOUNT = "RECOUNT", "Recount"

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="counts")
    kind = models.CharField(max_length=10, choices=Kind)
    currency = models.CharField(max_length=3, blank=True, help_text="the session's own when empty")
    denominations = models.JSONField(help_text="pieces by face value in minor units")
    total_minor = models.BigIntegerField()
    counted_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_way = models.CharField(max_length=5, blank=True, choices=[("PIN", "PIN"), ("BADGE", "Badge")])
    confirmed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "kind", "currency"], name="cashiering_count_one_of_kind"
            ),
            models.CheckConstraint(
                condition=Q(confirmed_by__isnull=True, confirmed_way="", confirmed_at__isnull=True)
                | Q(kind="OPENING", confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(confirmed_way="")
                & ~Q(confirmed_by=F("counted_by")),
                name="cashiering_count_confirmed_by_another",
            ),
            models.CheckConstraint(condition=Q(total_minor__gte=0), name="cashiering_count_not_negative"),
        ]


class CashMovement(models.Model):
    """Cash that enters or leaves a drawer other than by a payment, or a drawer opened without a sale.

    Written once. The amount is positive; the kind gives the direction. float_minor is the part of
    what was received or handed on that must come back to the safe as float.
    """

    class Kind(models.TextChoices):
        FLOAT_IN = "FLOAT_IN", "Float from the safe"
        PAID_IN = "PAID_IN", "Paid in"
        PAID_OUT = "PAID_OUT", "Paid out"
        DROP = "DROP", "Drop to the safe"
        RECEIVED = "RECEIVED", "Received"
        HANDED = "HANDED", "Handed to a colleague"
        SUSPECT = "SUSPECT", "Suspect note taken out"
        REFUND = "REFUND", "Refund in cash"
        NO_SALE = "NO_SALE", "Opened without a sale"

    public_id = PublicIdField(prefix="mov")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="movements")
    kind = models.CharField(max_length=10, choices=Kind)
    currency = models.CharField(max_length=3, blank=True, help_text="the session's own when empty")
    amount_minor = models.BigIntegerField()
    float_minor = models.BigIntegerField(default=0)
    transfer = models.ForeignKey(
        "cashiering.CashTransfer", on_delete=models.PROTECT, null=True, related_name="movements"
    )
    reason = models.CharField(max_length=200, blank=True)
    slip = models.OneToOneField(
        "files.StoredFile", on_delete=models.PROTECT, null=True, related_name="+", help_text="its receipt"
    )
    bag_number = models.CharField(max_length=40, blank=True)
    made_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    witness = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    key = models.CharField(max_length=60, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="NO_SALE", amount_minor=0) | (~Q(kind="NO_SALE") & Q(amount_minor__gt=0)),
                name="cashiering_movement_amount_positive",
            ),
            models.CheckConstraint(
                condition=~Q(kind="DROP") | (Q(witness__isnull=False) & ~Q(bag_number="")),
                name="cashiering_movement_drop_in_bag_with_witness",
            ),
            models.CheckConstraint(
                condition=Q(witness__isnull=True) | ~Q(witness=F("made_by")),
                name="cashiering_movement_witness_not_maker",
            ),
            models.CheckConstraint(
                condition=Q(float_minor__gte=0, float_minor__lte=F("amount_minor")),
                name="cashiering_movement_float_within_amount",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["RECEIVED", "HANDED"]) | Q(transfer__isnull=False),
                name="cashiering_movement_handed_by_transfer",
            ),
            models.CheckConstraint(
                condition=~Q(kind__in=["PAID_IN", "PAID_OUT", "NO_SALE", "SUSPECT"]) | ~Q(reason=""),
                name="cashiering_movement_reason_given",
            ),
        ]


class OverShort(models.Model):
    """What a drawer had more or less than expected, its reason and who accepted it."""

    class State(models.TextChoices):
        UNEXPLAINED = "UNEXPLAINED", "Reason missing"
        PENDING = "PENDING", "To approve"
        ACCEPTED = "ACCEPTED", "Within the free band"
        APPROVED = "APPROVED", "Approved"

    public_id = PublicIdField(prefix="ovs")
    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="over_shorts")
    kind = models.CharField(max_length=10, choices=[("OPENING", "Opening"), ("CLOSING", "Closing")])
    cashier = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    expected_minor = models.BigIntegerField()
    counted_minor = models.BigIntegerField()
    difference_minor = models.BigIntegerField()
    needs_finance = models.BooleanField(default=False)
    state = models.CharField(max_length=12, choices=State)
    reason = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField()
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    @property
    def difference(self) -> Money:
        """Counted less expected."""
        return Money(self.difference_minor, self.currency)

    @property
    def size_minor(self) -> int:
        """How much over or short, without its sign."""
        return abs(self.difference_minor)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["session", "kind", "currency"], name="cashiering_over_short_one_of_kind"
            ),
            models.CheckConstraint(
                condition=Q(difference_minor=F("counted_minor") - F("expected_minor")),
                name="cashiering_over_short_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("cashier")),
                name="cashiering_over_short_approver_not_cashier",
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED")
                | (Q(approved_by__isnull=False, approved_at__isnull=False) & ~Q(reason="")),
                name="cashiering_over_short_approved_with_reason",
            ),
        ]
