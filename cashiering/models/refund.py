"""Money that goes back: asked for, decided, released, sent and settled, each by its person."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class Refund(models.Model):
    """A part of one tender of one payment that goes back the way it came.

    Nothing counts as refunded before SENT. The tender's refunded_minor is held from the request on and
    given back when the refund is rejected or cancelled. A FAILED one is still owed and is released again.

    is_within_limit  paid out by its cashier alone, up to the facility's limit
    """

    class State(models.TextChoices):
        REQUESTED = "REQUESTED", "To approve"
        APPROVED = "APPROVED", "Approved"
        REJECTED = "REJECTED", "Rejected"
        RELEASED = "RELEASED", "Released"
        SENT = "SENT", "Sent"
        SETTLED = "SETTLED", "Settled"
        FAILED = "FAILED", "Failed"
        CANCELLED = "CANCELLED", "Cancelled"

    PENDING = ("REQUESTED", "APPROVED", "RELEASED")
    LIVE = (*PENDING, "SENT", "SETTLED", "FAILED")
    DONE = ("SENT", "SETTLED", "FAILED")

    public_id = PublicIdField(prefix="rfd")
    key = models.CharField(max_length=80, unique=True)
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    payment = models.ForeignKey("cashiering.Payment", on_delete=models.PROTECT, related_name="refunds")
    tender = models.ForeignKey("cashiering.Tender", on_delete=models.PROTECT, related_name="refunds")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    rounding_minor = models.BigIntegerField(
        default=0, help_text="what cash gave back beyond the amount, for want of a smaller coin; below: less"
    )
    reason = models.CharField(max_length=200)
    state = models.CharField(max_length=10, choices=State, default=State.REQUESTED)
    is_within_limit = models.BooleanField(default=False)
    is_patient_present = models.BooleanField(
        null=True, help_text="whether the patient stood at the desk; unknown where nobody was asked"
    )
    requested_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    released_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    released_at = models.DateTimeField(null=True)
    session = models.ForeignKey("cashiering.Session", on_delete=models.PROTECT, null=True, related_name="+")
    card_batch = models.ForeignKey(
        "cashiering.CardBatch", on_delete=models.PROTECT, null=True, related_name="refunds"
    )
    terminal_request = models.OneToOneField(
        "cashiering.TerminalRequest", on_delete=models.PROTECT, null=True, related_name="refund"
    )
    reference = models.CharField(max_length=60, blank=True, help_text="as the bank will quote it")
    batch = models.CharField(max_length=40, blank=True, help_text="the ACH batch in which it went")
    sent_at = models.DateTimeField(null=True)
    sent_on = models.DateField(null=True)
    sending = models.PositiveSmallIntegerField(
        default=0, help_text="how often it went: 2 after it came back and was released again"
    )
    settled_on = models.DateField(null=True)
    ended_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    end_reason = models.CharField(max_length=200, blank=True, help_text="why rejected, cancelled or failed")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="cashiering_refund_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="cashiering_refund_has_reason"),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("requested_by")),
                name="cashiering_refund_approver_not_requester",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True)
                | Q(approved_by__isnull=True)
                | ~Q(released_by=F("approved_by")),
                name="cashiering_refund_releaser_not_approver",
            ),
            models.CheckConstraint(
                condition=Q(released_by__isnull=True)
                | Q(session__isnull=False)
                | ~Q(released_by=F("requested_by")),
                name="cashiering_refund_releaser_not_requester",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["REQUESTED", "REJECTED", "CANCELLED"])
                | Q(approved_by__isnull=False, approved_at__isnull=False)
                | Q(is_within_limit=True),
                name="cashiering_refund_approved_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["RELEASED", "SENT", "SETTLED", "FAILED"])
                | Q(released_by__isnull=False, released_at__isnull=False),
                name="cashiering_refund_released_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["SENT", "SETTLED", "FAILED"])
                | Q(sent_at__isnull=False, sent_on__isnull=False),
                name="cashiering_refund_sent_on_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["REJECTED", "CANCELLED", "FAILED"])
                | (Q(ended_by__isnull=False) & ~Q(end_reason="")),
                name="cashiering_refund_ended_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["facility", "state"], name="cashiering_refund_state")]


class RefundPart(models.Model):
    """What a refund takes back: of one invoice, which is open again then, or of what is on account."""

    refund = models.ForeignKey(Refund, on_delete=models.PROTECT, related_name="parts")
    invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, null=True, related_name="+")
    amount_minor = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["refund", "invoice"], nulls_distinct=False, name="cashiering_refund_part_once"
            ),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="cashiering_refund_part_positive"),
        ]
