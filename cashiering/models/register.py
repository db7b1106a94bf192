"""Where money is taken, and under which rules."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from simple_history.models import HistoricalRecords

from cashiering.models.payment import Tender
from hms_ach.ids import PublicIdField


class Register(models.Model):
    """A cash point of a facility: one drawer, and perhaps one card terminal beside it.

    A container: people may be granted single registers; a grant of the facility is enough.
    """

    public_id = PublicIdField(prefix="reg")
    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="registers")
    code = models.CharField(max_length=10)
    name = models.CharField(max_length=80)
    department = models.ForeignKey(
        "access.Department", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    currency = models.CharField(max_length=3, default="USD")
    default_float_minor = models.BigIntegerField(default=0)
    drawer_limit_minor = models.BigIntegerField(default=1_000_00)
    terminal_id = models.CharField(max_length=20, blank=True)
    terminal_address = models.CharField(max_length=60, blank=True, help_text="host:port of the card terminal")
    printer_address = models.CharField(
        max_length=120, blank=True, help_text="host:port of the 80 mm receipt printer; empty without one"
    )
    allowed_tenders = ArrayField(
        models.CharField(max_length=10), default=list, blank=True, help_text="kinds of tender; all when empty"
    )
    is_active = models.BooleanField(default=True)
    history = HistoricalRecords()

    @property
    def takes(self) -> tuple[str, ...]:
        """The kinds of tender that are taken here."""
        return tuple(
            kind for kind in Tender.Kind.values if kind in self.allowed_tenders or not self.allowed_tenders
        )

    class Meta:
        permissions = [("work_at_register", "May work at the register")]
        constraints = [
            models.UniqueConstraint(fields=["facility", "code"], name="cashiering_register_code_in_facility"),
            models.UniqueConstraint(
                fields=["terminal_id"],
                condition=~Q(terminal_id=""),
                name="cashiering_register_terminal_at_one_register",
            ),
            models.CheckConstraint(
                condition=Q(default_float_minor__gte=0, drawer_limit_minor__gte=0),
                name="cashiering_register_limits_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(allowed_tenders__contained_by=Tender.Kind.values),
                name="cashiering_register_known_tenders",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.name}"


class TillPolicy(models.Model):
    """A facility's limits at the till, in minor units of its currency, and the keys of its registers."""

    facility = models.OneToOneField("access.Facility", on_delete=models.PROTECT, related_name="till_policy")
    variance_free_minor = models.BigIntegerField(default=2_00)
    variance_supervisor_minor = models.BigIntegerField(default=20_00)
    void_alone_minor = models.BigIntegerField(default=100_00)
    paid_out_limit_minor = models.BigIntegerField(default=100_00)
    shift_hours = models.PositiveSmallIntegerField(
        null=True, default=12, help_text="longest shift; none when empty"
    )
    refund_alone_minor = models.BigIntegerField(default=0)
    refund_supervisor_minor = models.BigIntegerField(default=500_00)
    cheque_fee_minor = models.BigIntegerField(default=25_00)
    cash_coin_minor = models.BigIntegerField(default=1, help_text="the smallest coin in use")
    keys = models.JSONField(default=dict, blank=True, help_text="keys of the register, by action")
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    variance_free_minor__gte=0,
                    variance_supervisor_minor__gte=F("variance_free_minor"),
                    void_alone_minor__gte=0,
                    paid_out_limit_minor__gte=0,
                    refund_alone_minor__gte=0,
                    cheque_fee_minor__gte=0,
                    cash_coin_minor__gte=1,
                    refund_supervisor_minor__gte=F("refund_alone_minor"),
                ),
                name="cashiering_till_policy_limits_in_order",
            ),
            models.CheckConstraint(
                condition=Q(shift_hours__isnull=True) | Q(shift_hours__gte=1, shift_hours__lte=24),
                name="cashiering_till_policy_shift_of_a_day_at_most",
            ),
        ]


class MerchantAgreement(models.Model):
    """What the card acquirer of a facility contracted: its merchant number, fee and days to pay."""

    facility = models.ForeignKey("access.Facility", on_delete=models.PROTECT, related_name="+")
    merchant_id = models.CharField(max_length=20)
    fee_basis_points = models.PositiveIntegerField(default=0)
    fee_fixed_minor = models.PositiveIntegerField(default=0, help_text="for each sale, in minor units")
    settlement_days = models.PositiveSmallIntegerField(default=1, help_text="banking days until paid")
    starts_on = models.DateField()
    ends_on = models.DateField(null=True, blank=True)
    history = HistoricalRecords()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["facility"],
                condition=Q(ends_on__isnull=True),
                name="cashiering_merchant_agreement_one_current",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="cashiering_merchant_agreement_ends_after_start",
            ),
            models.CheckConstraint(
                condition=Q(fee_basis_points__lte=2_000, settlement_days__lte=10),
                name="cashiering_merchant_agreement_plausible",
            ),
        ]
