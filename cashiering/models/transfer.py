"""Cash on its way from one person to another: it moves when the receiver accepts."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class CashTransfer(models.Model):
    """Cash offered by one person and accepted, or not, by another. Decided once.

    A drop goes from a drawer to the safe, a top-up from the safe to a drawer, a float from drawer to
    drawer, a handover from one cashier to the next at the same drawer. float_minor is the part of a
    handover that is still the register's float.
    """

    class Kind(models.TextChoices):
        DROP = "DROP", "Drop to the safe"
        TOP_UP = "TOP_UP", "Top-up from the safe"
        FLOAT = "FLOAT", "Float to a colleague"
        HANDOVER = "HANDOVER", "Handover of the drawer"

    class State(models.TextChoices):
        OFFERED = "OFFERED", "Waiting for the receiver"
        ACCEPTED = "ACCEPTED", "Accepted"
        REJECTED = "REJECTED", "Rejected"
        WITHDRAWN = "WITHDRAWN", "Withdrawn"

    public_id = PublicIdField(prefix="trf")
    key = models.CharField(max_length=60, unique=True)
    kind = models.CharField(max_length=10, choices=Kind)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    sender = models.ForeignKey(
        "cashiering.Session", on_delete=models.PROTECT, null=True, related_name="transfers_out"
    )
    receiver = models.ForeignKey(
        "cashiering.Session", on_delete=models.PROTECT, null=True, related_name="transfers_in"
    )
    offered_to = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    float_minor = models.BigIntegerField(default=0)
    denominations = models.JSONField(default=dict, help_text="pieces by face value, as the sender counted")
    received = models.JSONField(null=True, help_text="pieces by face value, as the receiver counted")
    bag_number = models.CharField(max_length=40, blank=True)
    state = models.CharField(max_length=10, choices=State, default=State.OFFERED)
    offered_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    offered_at = models.DateTimeField()
    decided_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="cashiering_transfer_positive"),
            models.CheckConstraint(
                condition=Q(state="OFFERED", decided_by__isnull=True)
                | Q(state="WITHDRAWN", decided_by__isnull=False, decided_at__isnull=False)
                | Q(state__in=["ACCEPTED", "REJECTED"], decided_by__isnull=False, decided_at__isnull=False)
                & ~Q(decided_by=F("offered_by")),
                name="cashiering_transfer_decided_by_another",
            ),
            models.CheckConstraint(
                condition=Q(kind="DROP", sender__isnull=False, receiver__isnull=True) & ~Q(bag_number="")
                | Q(kind="TOP_UP", sender__isnull=True, receiver__isnull=False)
                | Q(kind="FLOAT", sender__isnull=False, receiver__isnull=False)
                | Q(kind="HANDOVER", sender__isnull=False, offered_to__isnull=False),
                name="cashiering_transfer_between_two_places",
            ),
            models.UniqueConstraint(
                fields=["facility", "bag_number"],
                condition=Q(kind="DROP", state__in=["OFFERED", "ACCEPTED"]),
                name="cashiering_transfer_bag_once",
            ),
            models.CheckConstraint(
                condition=~Q(state="REJECTED") | ~Q(reason=""),
                name="cashiering_transfer_rejected_with_reason",
            ),
        ]
        indexes = [
            models.Index(
                fields=["facility", "offered_at"],
                condition=Q(state="OFFERED"),
                name="cashiering_transfers_waiting",
            )
        ]


class TransferPart(models.Model):
    """The foreign cash of a drawer that is handed over, one row a currency beside its own."""

    transfer = models.ForeignKey(CashTransfer, on_delete=models.PROTECT, related_name="parts")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    float_minor = models.BigIntegerField(default=0)
    denominations = models.JSONField(help_text="pieces by face value, as the sender counted")
    received = models.JSONField(null=True, help_text="pieces by face value, as the receiver counted")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["transfer", "currency"], name="cashiering_transfer_part_once"),
            models.CheckConstraint(
                condition=Q(amount_minor__gte=0, float_minor__gte=0, float_minor__lte=F("amount_minor")),
                name="cashiering_transfer_part_not_negative",
            ),
        ]


class ChangeOrder(models.Model):
    """Small money asked of the safe for large money of the drawer: the same value in other pieces."""

    class State(models.TextChoices):
        ASKED = "ASKED", "Asked"
        FILLED = "FILLED", "Filled"
        CANCELLED = "CANCELLED", "Cancelled"

    public_id = PublicIdField(prefix="cho")
    session = models.ForeignKey("cashiering.Session", on_delete=models.PROTECT, related_name="change_orders")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    wanted = models.JSONField(help_text="pieces by face value that the drawer needs")
    given = models.JSONField(null=True, help_text="pieces by face value that the drawer gave for them")
    state = models.CharField(max_length=10, choices=State, default=State.ASKED)
    asked_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    filled_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="cashiering_change_order_positive"),
            models.CheckConstraint(
                condition=~Q(state="FILLED")
                | Q(given__isnull=False, filled_by__isnull=False) & ~Q(filled_by=F("asked_by")),
                name="cashiering_change_order_filled_by_another",
            ),
        ]
