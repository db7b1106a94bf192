"""Payments as JSON."""

from typing import Any

from rest_framework import serializers

from cashiering.models import Payment
from cashiering.queries import payment_shown
from hms_ach.api import MoneyField
from hms_ach.money import Money


class _AllocationShown(serializers.Serializer):
    invoice = serializers.CharField(help_text="public id, inv_…")
    amount = MoneyField()
    remaining = MoneyField(help_text="Still due on the invoice.")


class _TenderShown(serializers.Serializer):
    method = serializers.ChoiceField(choices=["cash", "card", "cheque", "transfer", "account"])
    amount = MoneyField()
    label = serializers.CharField()  # type: ignore[assignment]


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
    state = serializers.CharField(help_text="received or voided")
    amount = MoneyField()
    business_on = serializers.DateField()
    taken_at = serializers.DateTimeField()

    def to_representation(self, payment: Payment) -> dict[str, Any]:
        return _in_list(payment)


class PaymentDocument(PaymentSummary):
    """A payment with its allocations and what remains of each invoice."""

    unapplied = MoneyField(help_text="Kept on account.")
    allocations = _AllocationShown(many=True)
    tenders = _TenderShown(many=True)
    reallocations = _MoveShown(many=True, help_text="Laid against another invoice afterwards.")
    replaces = serializers.CharField(allow_null=True, help_text="The receipt whose tender was wrong, pay_…")
    replaced_by = serializers.CharField(allow_null=True, help_text="The receipt that stands for it, pay_…")

    def to_representation(self, payment: Payment) -> dict[str, Any]:
        return _in_full(payment)


def _in_list(payment: Payment) -> dict[str, Any]:
    return {
        "id": payment.public_id,
        "receipt_number": payment.receipt_number,
        "facility": payment.facility.code,
        "state": "voided" if hasattr(payment, "void") else "received",
        "amount": Money(payment.total_minor, payment.currency).as_json(),
        "business_on": payment.business_on.isoformat(),
        "taken_at": payment.taken_at.isoformat(),
    }


def _in_full(payment: Payment) -> dict[str, Any]:
    shown = payment_shown(payment)
    return {
        "id": shown.public_id,
        "receipt_number": shown.receipt_number,
        "facility": shown.facility.code,
        "state": shown.state.lower(),
        "amount": shown.total.as_json(),
        "unapplied": shown.unapplied.as_json(),
        "business_on": shown.business_on.isoformat(),
        "taken_at": shown.taken_at.isoformat(),
        "allocations": [
            {"invoice": one.invoice, "amount": one.amount.as_json(), "remaining": one.remaining.as_json()}
            for one in shown.allocations
        ],
        "tenders": [
            {"method": one.kind.lower(), "amount": one.amount.as_json(), "label": one.label}
            for one in shown.tenders
        ],
        "reallocations": [
            {
                "id": one.public_id,
                "from_invoice": one.from_invoice,
                "to_invoice": one.to_invoice,
                "amount": one.amount.as_json(),
                "reason": one.reason,
            }
            for one in shown.moves
        ],
        "replaces": shown.replaces.public_id if shown.replaces else None,
        "replaced_by": shown.replaced_by.public_id if shown.replaced_by else None,
    }
