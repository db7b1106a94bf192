"""Payments as JSON."""

from typing import Any

from rest_framework import serializers

from cashiering.models import Payment
from cashiering.queries import allocations_shown, corrections_of, moves_shown, tenders_shown
from cashiering.queries.payment import TenderShown, state_of
from hms_ach.api import MoneyField
from hms_ach.money import Money


class _AllocationShown(serializers.Serializer):
    invoice = serializers.CharField(help_text="public id, inv_…")
    amount = MoneyField()
    remaining = MoneyField(help_text="Still due on the invoice.")


class _ForeignShown(serializers.Serializer):
    tendered = MoneyField(help_text="As it was handed over.")
    worth = MoneyField(help_text="What that was worth in the payment's currency.")
    rate = serializers.CharField(help_text="Units of the payment's currency for one of the cash's.")
    rate_on = serializers.DateField()
    rate_source = serializers.CharField()


class _TenderShown(serializers.Serializer):
    method = serializers.ChoiceField(choices=["cash", "card", "cheque", "transfer", "account"])
    amount = MoneyField()
    label = serializers.CharField()  # type: ignore[assignment]
    foreign = _ForeignShown(allow_null=True, help_text="Cash in another currency; change is never in it.")


class _MoveShown(serializers.Serializer):
    id = serializers.CharField()
    from_invoice = serializers.CharField(help_text="public id, inv_…")
    to_invoice = serializers.CharField(help_text="public id, inv_…")
    amount = MoneyField()
    reason = serializers.CharField()


class PaymentSummary(serializers.Serializer):
    """A payment as lists show it."""

    id = serializers.CharField()
    receipt_number = serializers.CharField()
    facility = serializers.CharField()
    state = serializers.CharField(
        help_text="received, voided, partly_refunded or refunded; refunded once money has left"
    )
    amount = MoneyField()
    business_on = serializers.DateField()
    taken_at = serializers.DateTimeField()

    def to_representation(self, payment: Payment) -> dict[str, Any]:
        return _in_list(payment, state=state_of(payment))


class PaymentDocument(PaymentSummary):
    """A payment with its allocations and what remains of each invoice."""

    unapplied = MoneyField(help_text="Kept on account.")
    rounding = MoneyField(help_text="What cash paid beyond what was due, for want of a smaller coin.")
    refunded = MoneyField(help_text="What really went back; a refund that waits is not in it.")
    allocations = _AllocationShown(many=True)
    tenders = _TenderShown(many=True)
    reallocations = _MoveShown(many=True, help_text="Laid against another invoice afterwards.")
    replaces = serializers.CharField(allow_null=True, help_text="The receipt whose tender was wrong, pay_…")
    replaced_by = serializers.CharField(allow_null=True, help_text="The receipt that stands for it, pay_…")

    def to_representation(self, payment: Payment) -> dict[str, Any]:
        return _in_full(payment)


def _in_list(payment: Payment, *, state: str) -> dict[str, Any]:
    return {
        "id": payment.public_id,
        "receipt_number": payment.receipt_number,
        "facility": payment.facility.code,
        "state": state.lower(),
        "amount": Money(payment.total_minor, payment.currency).as_json(),
        "business_on": payment.business_on.isoformat(),
        "taken_at": payment.taken_at.isoformat(),
    }


def _foreign(tender: TenderShown) -> dict[str, Any] | None:
    if tender.foreign is None or tender.rate_on is None:
        return None
    return {
        "tendered": tender.foreign.as_json(),
        "worth": tender.tendered.as_json(),
        "rate": tender.rate,
        "rate_on": tender.rate_on.isoformat(),
        "rate_source": tender.rate_source,
    }


def _in_full(payment: Payment) -> dict[str, Any]:
    """The row at hand with its lines and what became of it; the payment is not read again."""
    since = corrections_of(payment)
    return {
        **_in_list(payment, state=since.state),
        "unapplied": Money(payment.unapplied_minor, payment.currency).as_json(),
        "rounding": Money(payment.rounding_minor, payment.currency).as_json(),
        "refunded": since.refunded.as_json(),
        "allocations": [
            {"invoice": one.invoice, "amount": one.amount.as_json(), "remaining": one.remaining.as_json()}
            for one in allocations_shown(payment)
        ],
        "tenders": [
            {
                "method": one.kind.lower(),
                "amount": one.amount.as_json(),
                "label": one.label,
                "foreign": _foreign(one),
            }
            for one in tenders_shown(payment)
        ],
        "reallocations": [
            {
                "id": one.public_id,
                "from_invoice": one.from_invoice,
                "to_invoice": one.to_invoice,
                "amount": one.amount.as_json(),
                "reason": one.reason,
            }
            for one in moves_shown(payment)
        ],
        "replaces": since.replaces.public_id if since.replaces else None,
        "replaced_by": since.replaced_by.public_id if since.replaced_by else None,
    }
