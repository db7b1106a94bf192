"""A payment below zero: it is taken as a request for a refund, which people decide."""

from typing import Any

from rest_framework import serializers

from billing.queries import invoices_of
from cashiering.commands import request_refund
from cashiering.models import Payment, Refund
from cashiering.queries import payments_of
from hms_ach.access.models import User
from hms_ach.api import FacilityField, MoneyField, RequestBody
from hms_ach.money import Money


class _NegativeMoney(MoneyField):
    default_error_messages = {"too_small": "Every amount of a refund is below zero."}

    def __init__(self, **kwargs) -> None:
        super().__init__(least=None, **kwargs)

    def to_internal_value(self, data: Any) -> Money:
        amount = super().to_internal_value(data)
        if amount.minor >= 0:
            self.fail("too_small")
        return amount


class _PartRequest(RequestBody):
    invoice = serializers.CharField(max_length=40, help_text="public id, inv_…")
    amount = _NegativeMoney()


class RefundRequest(RequestBody):
    """The members of a payment that mean something below zero; the rest is read over."""

    facility = FacilityField()
    amount = _NegativeMoney()
    original_payment = serializers.CharField(max_length=40, help_text="public id, pay_…")
    refund_reason = serializers.CharField(max_length=200)
    allocations = _PartRequest(many=True, required=False, max_length=100)  # type: ignore[call-arg]

    def validate(self, asked: dict[str, Any]) -> dict[str, Any]:
        """The payment and the invoices are the facility's, and the parts add up."""
        here = frozenset([asked["facility"].pk])
        payment = payments_of(here).filter(public_id=asked["original_payment"]).first()
        if payment is None:
            raise serializers.ValidationError(
                {"original_payment": ["There is no such payment in this facility. Check its id."]}
            )
        parts = asked.get("allocations") or []
        known = dict(
            invoices_of(here)
            .filter(public_id__in=[one["invoice"] for one in parts])
            .values_list("public_id", "pk")
        )
        if missing := [one["invoice"] for one in parts if one["invoice"] not in known]:
            raise serializers.ValidationError(
                {"allocations": [f"There is no invoice {missing[0][:40]} in this facility. Check its id."]}
            )
        if parts and sum(one["amount"].minor for one in parts) != asked["amount"].minor:
            raise serializers.ValidationError(
                {"amount": ["The allocations must add up to the amount. Correct one of them."]}
            )
        asked["payment"] = payment
        asked["parts"] = {known[one["invoice"]]: -one["amount"] for one in parts} or None
        return asked


def ask_refund(asked: dict[str, Any], *, key: str, actor: User) -> Refund:
    """The refund that waits for approval. Raises what request_refund raises."""
    payment: Payment = asked["payment"]
    return request_refund(
        payment=payment,
        tender=None,
        amount=-asked["amount"],
        reason=asked["refund_reason"],
        parts=asked["parts"],
        key=key,
        actor=actor,
    )
