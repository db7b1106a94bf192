"""The safe: counted by two people, and notes that may be false."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class SafeCount(models.Model):
    """What two people counted in a facility's safe on one day, and what the book said at that moment.

    expected_minor is taken when the first person commits the count, and shown after the second
    person's agrees. Where the two disagree the second gives the count up, and both count again.
    """

    class State(models.TextChoices):
        COUNTED = "COUNTED", "Counted by one"
        EXACT = "EXACT", "As the book says"
        DIFFERENT = "DIFFERENT", "Difference to approve"
        APPROVED = "APPROVED", "Difference approved"
        DISCARDED = "DISCARDED", "Given up, counted again"

    public_id = PublicIdField(prefix="sfc")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    business_on = models.DateField()
    currency = models.CharField(max_length=3)
    denominations = models.JSONField(help_text="loose pieces by face value in minor units")
    bags = models.JSONField(default=list, help_text="numbers of the sealed bags seen")
    loose_minor = models.BigIntegerField()
    sealed_minor = models.BigIntegerField()
    expected_minor = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=State, default=State.COUNTED)
    counted_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    counted_at = models.DateTimeField()
    confirmed_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=200, blank=True)
    approved_by = models.ForeignKey("access.User", on_delete=models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)

    @property
    def total_minor(self) -> int:
        """Loose cash and what the sealed bags say."""
        return self.loose_minor + self.sealed_minor

    @property
    def difference_minor(self) -> int:
        """Counted less expected."""
        return self.total_minor - self.expected_minor

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "business_on", "currency"],
                condition=~Q(state="DISCARDED"),
                name="cashiering_safe_count_one_a_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="DISCARDED") | ~Q(reason=""),
                name="cashiering_safe_count_discarded_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(loose_minor__gte=0, sealed_minor__gte=0),
                name="cashiering_safe_count_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(state="COUNTED", confirmed_by__isnull=True)
                | Q(confirmed_by__isnull=False, confirmed_at__isnull=False)
                & ~Q(state="COUNTED")
                & ~Q(confirmed_by=F("counted_by")),
                name="cashiering_safe_count_by_two",
            ),
            models.CheckConstraint(
                condition=~Q(state="APPROVED")
                | Q(approved_by__isnull=False)
                & ~Q(reason="")
                & ~Q(approved_by=F("counted_by"))
                & ~Q(approved_by=F("confirmed_by")),
                name="cashiering_safe_count_approved_by_a_third",
            ),
            models.CheckConstraint(
                condition=~Q(state="EXACT") | Q(expected_minor=F("loose_minor") + F("sealed_minor")),
                name="cashiering_safe_count_exact_is_exact",
            ),
        ]


class SuspectNote(models.Model):
    """A note that may be false, taken out of a drawer and handed to the police or the bank. Written once."""

    public_id = PublicIdField(prefix="sus")
    movement = models.OneToOneField(
        "cashiering.CashMovement", on_delete=models.PROTECT, related_name="suspect_note"
    )
    face_minor = models.BigIntegerField()
    serial = models.CharField(max_length=20)
    patient = models.ForeignKey("billing.Patient", on_delete=models.PROTECT, null=True, related_name="+")
    remarks = models.CharField(max_length=200, blank=True)
    handed_to = models.CharField(max_length=80)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(face_minor__gt=0) & ~Q(serial="") & ~Q(handed_to=""),
                name="cashiering_suspect_note_complete",
            )
        ]
