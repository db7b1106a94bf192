"""Refunds as JSON: what a negative payment becomes, and all refunds to read."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from cashiering.models import Refund
from cashiering.queries.refund import refunds_of
from hms_ach.api import ApiRequest, ApiView, CursorPages, MoneyField
from hms_ach.money import Money


class RefundDocument(serializers.Serializer):
    """Money that goes back. Nothing is refunded before the state is sent or settled."""

    id = serializers.CharField()
    payment = serializers.CharField(help_text="the original payment, pay_…")
    receipt_number = serializers.CharField()
    facility = serializers.CharField()
    state = serializers.ChoiceField(
        choices=[
            "requested", "approved", "rejected", "released", "sent", "settled", "failed", "cancelled",
        ]
    )  # fmt: skip
    method = serializers.CharField(help_text="how it was paid, and goes back")
    amount = MoneyField()
    rounding = MoneyField(help_text="What cash gave back beyond the amount, for want of a smaller coin.")
    reason = serializers.CharField()
    requested_at = serializers.DateTimeField()
    sent_on = serializers.DateField(allow_null=True)
    settled_on = serializers.DateField(allow_null=True)
    end_reason = serializers.CharField(help_text="why rejected, cancelled or failed; empty otherwise")

    def to_representation(self, refund: Refund) -> dict[str, Any]:
        return {
            "id": refund.public_id,
            "payment": refund.payment.public_id,
            "receipt_number": refund.payment.receipt_number,
            "facility": refund.facility.code,
            "state": refund.state.lower(),
            "method": refund.tender.kind.lower(),
            "amount": Money(refund.amount_minor, refund.currency).as_json(),
            "rounding": Money(refund.rounding_minor, refund.currency).as_json(),
            "reason": refund.reason,
            "requested_at": refund.requested_at.isoformat(),
            "sent_on": refund.sent_on.isoformat() if refund.sent_on else None,
            "settled_on": refund.settled_on.isoformat() if refund.settled_on else None,
            "end_reason": refund.end_reason,
        }


class RefundList(ApiView):
    """GET lists refunds, newest first."""

    required_scope = "payments:read"
    required_permission = "cashiering.view_refund"
    pagination_class = CursorPages

    @extend_schema(operation_id="refunds_list", responses=RefundDocument(many=True))
    def get(self, request: ApiRequest) -> Response:
        return self.paged(refunds_of(self.facilities), RefundDocument)


class RefundOne(ApiView):
    """GET one refund."""

    required_scope = "payments:read"
    required_permission = "cashiering.view_refund"

    @extend_schema(operation_id="refunds_retrieve", responses=RefundDocument)
    def get(self, request: ApiRequest, public_id: str) -> Response:
        refund = refunds_of(self.facilities).filter(public_id=public_id).first()
        if refund is None:
            raise Http404
        return Response(RefundDocument(refund).data)
