"""Receipts put right: issued again with other tenders, or laid against another invoice."""

from django.db import models
from django.db.models import F, Q

from hms_ach.ids import PublicIdField


class TenderCorrection(models.Model):
    """A payment that was issued again with the right tenders, in the step that voided it. Written once.

    Why, by whom and when stand on the void.
    """

    public_id = PublicIdField(prefix="tco")
    void = models.OneToOneField("cashiering.PaymentVoid", on_delete=models.PROTECT, related_name="correction")
    replacement = models.OneToOneField(
        "cashiering.Payment", on_delete=models.PROTECT, related_name="corrects"
    )


class Reallocation(models.Model):
    """What a payment paid of one invoice, laid against another. Written once; the receipt stays as it is.

    cashier  who took the payment, and therefore may not move it
    """

    public_id = PublicIdField(prefix="ral")
    key = models.CharField(max_length=80, unique=True)
    payment = models.ForeignKey("cashiering.Payment", on_delete=models.PROTECT, related_name="reallocations")
    from_invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="+")
    to_invoice = models.ForeignKey("billing.Invoice", on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = models.BigIntegerField()
    reason = models.CharField(max_length=200)
    business_on = models.DateField()
    cashier = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    made_by = models.ForeignKey("access.User", on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="cashiering_reallocation_positive"),
            models.CheckConstraint(condition=~Q(reason=""), name="cashiering_reallocation_has_reason"),
            models.CheckConstraint(
                condition=~Q(from_invoice=F("to_invoice")), name="cashiering_reallocation_moves"
            ),
            models.CheckConstraint(
                condition=~Q(made_by=F("cashier")), name="cashiering_reallocation_not_by_cashier"
            ),
        ]
